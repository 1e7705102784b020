// Runs on the audio thread: microphone in, frames of 16-bit samples out, and word of a voice at once. Any message to it asks
// for the rest, and its end.

import { Resampler } from "./resampler.js";
import { VoiceGate } from "./voice_gate.js";

const FRAMES_PER_SECOND = 10;

class Recorder extends AudioWorkletProcessor {
  #resampler;
  #gate;
  #frame;
  #filled = 0;
  #isRunning = true;

  constructor({ processorOptions: { rateHertz, hasGate } }) {
    super();
    this.#gate = hasGate ? new VoiceGate(rateHertz) : null;
    this.#resampler = new Resampler(sampleRate, rateHertz);
    this.#frame = new Int16Array(rateHertz / FRAMES_PER_SECOND);
    this.port.onmessage = () => {
      this.port.postMessage(this.#frame.slice(0, this.#filled));
      this.port.postMessage(null);
      this.#isRunning = false;
    };
  }

  process([[samples]]) {
    if (this.#isRunning && samples) this.#hear(this.#resampler.push(samples));
    return this.#isRunning;
  }

  #hear(samples) {
    if (this.#gate?.opensFor(samples)) this.port.postMessage("voice");
    samples.forEach((sample) => this.#take(sample));
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
