// Tells a voice from the room: two frames in a row that are much louder than the quietest so far. A cough is shorter.

const LOUDEST_ROOM = 0.01; // of full scale; nothing quieter is a voice close by
const TIMES_THE_ROOM = 4;
const FRAMES = 2; // a fifth of a second
const RECENT_FRAMES = 6;

export class VoiceGate {
  #room = Infinity;
  #loud = 0;
  recent = []; // the frames before and at the beginning of the voice

  /** Whether with this frame, an Int16Array, somebody has begun to speak. */
  opensFor(frame) {
    this.recent = [...this.recent, frame].slice(-RECENT_FRAMES);
    const loudness = Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / (frame.length || 1)) / 32768;
    const isLoud = loudness > Math.max(LOUDEST_ROOM, TIMES_THE_ROOM * Math.min(this.#room, 1));
    this.#room = Math.min(this.#room, loudness);
    this.#loud = isLoud ? this.#loud + 1 : 0;
    return this.#loud === FRAMES;
  }
}
