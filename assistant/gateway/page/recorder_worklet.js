// Runs on the audio thread: microphone in, frames of 16-bit samples out. Any message to it asks for the rest, and its end.

import { Resampler } from "./resampler.js";

const FRAMES_PER_SECOND = 10;

class Recorder extends AudioWorkletProcessor {
  #resampler;
  #frame;
  #filled = 0;
  #isRunning = true;

  constructor({ processorOptions: { rateHertz } }) {
    super();
    this.#resampler = new Resampler(sampleRate, rateHertz);
    this.#frame = new Int16Array(rateHertz / FRAMES_PER_SECOND);
    this.port.onmessage = () => {
      this.port.postMessage(this.#frame.slice(0, this.#filled));
      this.port.postMessage(null);
      this.#isRunning = false;
    };
  }

  process([[samples]]) {
    if (this.#isRunning && samples) this.#resampler.push(samples).forEach((sample) => this.#take(sample));
    return this.#isRunning;
  }

  #take(sample) {
    this.#frame[this.#filled] = sample;
    this.#filled += 1;
    if (this.#filled === this.#frame.length) {
      this.port.postMessage(this.#frame.slice());
      this.#filled = 0;
    }
  }
}

registerProcessor("recorder", Recorder);
