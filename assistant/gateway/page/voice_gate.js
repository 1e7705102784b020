// Tells a voice from the room, on the audio thread: nearly every hundredth of a second is much louder than the room has
// been, for as long as it takes to be no click. A cough opens it, too: what was said is the gateway's to hear.

const STEPS_PER_SECOND = 100;
const QUIETEST_VOICE = 0.01; // of full scale; nothing below is a voice close by
const TIMES_THE_ROOM = 4;
const LEARNED_LOUDER = 0.01; // how much of each louder step the room is believed to be; of a quieter one, all
const WINDOW_STEPS = 7;
const LOUD_STEPS = 6; // of those: 60 ms
const REST_STEPS = 30; // so long it is quiet before the next voice

export class VoiceGate {
  #stepSamples;
  #sum = 0;
  #samples = 0;
  #room = QUIETEST_VOICE / TIMES_THE_ROOM;
  #loud = []; // of the latest steps, whether they were
  #quiet = REST_STEPS; // steps since the last loud one
  #isOpen = false;

  constructor(rateHertz) {
    this.#stepSamples = rateHertz / STEPS_PER_SECOND;
  }

  /** Whether within these 16-bit samples somebody has begun to speak; not again until they have paused. */
  opensFor(samples) {
    let hasOpened = false;
    for (const sample of samples) {
      this.#sum += sample * sample;
      this.#samples += 1;
      if (this.#samples === this.#stepSamples) hasOpened = this.#step() || hasOpened;
    }
    return hasOpened;
  }

  #step() {
    const level = Math.sqrt(this.#sum / this.#samples) / 32768;
    this.#sum = this.#samples = 0;
    const isLoud = level > Math.max(QUIETEST_VOICE, TIMES_THE_ROOM * this.#room);
    this.#room += (level - this.#room) * (level < this.#room ? 1 : LEARNED_LOUDER);
    this.#loud = [...this.#loud, isLoud].slice(-WINDOW_STEPS);
    this.#quiet = isLoud ? 0 : this.#quiet + 1;
    if (this.#quiet >= REST_STEPS) this.#isOpen = false;
    if (this.#isOpen || this.#loud.filter(Boolean).length < LOUD_STEPS) return false;
    this.#isOpen = true;
    return true;
  }
}
