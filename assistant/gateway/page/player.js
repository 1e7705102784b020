// Plays replies, one at a time.

const GESTURE_MILLISECONDS = 300;

export class Player {
  #context = null;
  #source = null;

  /** To be called in a click or key press: browsers play nothing before one. */
  unlock() {
    this.#context ??= new AudioContext();
    this.#context.resume();
  }

  /** Plays PCM (s16le, mono) to its end, or until `stop`. */
  async playPcm(bytes, rateHertz) {
    const samples = new Int16Array(bytes);
    if (!samples.length || !(await this.#isAwake())) return;
    const sound = this.#context.createBuffer(1, samples.length, rateHertz);
    sound.copyToChannel(Float32Array.from(samples, (sample) => sample / 32768), 0);
    await this.#play(sound);
  }

  /** Plays a WAV file in base64. */
  async playFile(base64) {
    if (!(await this.#isAwake())) return;
    const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    await this.#play(await this.#context.decodeAudioData(file.buffer));
  }

  stop() {
    this.#source?.stop();
  }

  async #isAwake() {
    this.#context ??= new AudioContext();
    const late = new Promise((resolve) => setTimeout(resolve, GESTURE_MILLISECONDS));
    await Promise.race([this.#context.resume(), late]);
    return this.#context.state === "running";
  }

  #play(sound) {
    this.stop();
    const source = this.#context.createBufferSource();
    this.#source = source;
    source.buffer = sound;
    source.connect(this.#context.destination);
    return new Promise((resolve) => {
      source.addEventListener("ended", resolve);
      source.start();
    });
  }
}
