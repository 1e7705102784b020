// Plays replies, one at a time, each in one piece or in several.

const GESTURE_MILLISECONDS = 300;

export class Player {
  #context = null;
  #playing = new Map(); // sources, and when each has been heard
  #until = 0; // in the context's time: all that was added is heard then
  #added = Promise.resolve();
  #reply = 0; // counts those that were stopped
  #isPaused = false;

  /** To be called in a click or key press: browsers play nothing before one. */
  unlock() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  /** Plays PCM (s16le, mono) behind what was added before. */
  addPcm(bytes, rateHertz) {
    const samples = new Int16Array(bytes);
    if (!samples.length) return;
    this.#add(() => {
      const sound = this.#context.createBuffer(1, samples.length, rateHertz);
      sound.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
      return sound;
    });
  }

  /** Plays a WAV file in base64 behind what was added before. */
  addFile(base64) {
    const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    this.#add(() => this.#context.decodeAudioData(file.buffer));
  }

  /** When all that was added has been heard, or was stopped. */
  async finished() {
    await this.#added;
    await Promise.all(this.#playing.values());
  }

  /** Silence at once, until it goes on where it was or is stopped. */
  pause() {
    this.#isPaused = true;
    this.#context?.suspend();
  }

  resume() {
    this.#isPaused = false;
    this.#context?.resume();
  }

  stop() {
    this.#reply += 1;
    this.#until = 0;
    for (const source of this.#playing.keys()) source.stop();
    if (this.#isPaused) this.resume();
  }

  #add(makeSound) {
    const reply = this.#reply;
    this.#added = this.#added.then(async () => {
      if (!(await this.#isAwake())) return;
      const sound = await makeSound();
      if (reply === this.#reply) this.#schedule(sound);
    });
  }

  async #isAwake() {
    this.#context ??= new AudioContext();
    if (this.#isPaused) return true; // what comes meanwhile is heard afterwards
    const late = new Promise((resolve) => setTimeout(resolve, GESTURE_MILLISECONDS));
    await Promise.race([this.#context.resume(), late]);
    return this.#context.state === "running";
  }

  #schedule(sound) {
    const source = this.#context.createBufferSource();
    source.buffer = sound;
    source.connect(this.#context.destination);
    const heard = new Promise((resolve) => source.addEventListener("ended", resolve));
    this.#playing.set(source, heard.then(() => this.#playing.delete(source)));
    const start = Math.max(this.#context.currentTime, this.#until);
    this.#until = start + sound.duration;
    source.start(start);
  }
}
