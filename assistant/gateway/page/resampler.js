// From the microphone's rate down to the recogniser's: a windowed-sinc low-pass, computed where samples are wanted.

const LOBES = 8; // zero crossings of the sinc on each side
const STEPS = 512; // table entries per zero crossing

/** Hann-windowed sinc by distance in zero crossings. */
const KERNEL = Float32Array.from({ length: LOBES * STEPS + 1 }, (_, index) => {
  const distance = index / STEPS;
  const sinc = distance ? Math.sin(Math.PI * distance) / (Math.PI * distance) : 1;
  return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / LOBES));
});

export class Resampler {
  #step; // input samples per output sample
  #scale; // zero crossings per input sample
  #reach; // input samples that count on each side
  #history;
  #position;

  constructor(fromHertz, toHertz) {
    this.#step = fromHertz / toHertz;
    this.#scale = Math.min(1, toHertz / fromHertz) * 0.94; // a little below half the rate, so that nothing folds back
    this.#reach = Math.ceil(LOBES / this.#scale);
    this.#history = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  /** Samples in -1..1 at the input rate; returns 16-bit samples at the output rate, as many as can be computed. */
  push(samples) {
    const input = new Float32Array(this.#history.length + samples.length);
    input.set(this.#history);
    input.set(samples, this.#history.length);
    const output = [];
    while (this.#position + this.#reach < input.length) {
      output.push(this.#sample(input));
      this.#position += this.#step;
    }
    const used = Math.max(0, Math.floor(this.#position) - this.#reach);
    this.#history = input.slice(used);
    this.#position -= used;
    return Int16Array.from(output, (value) => Math.max(-32768, Math.min(32767, Math.round(value * 32767))));
  }

  #sample(input) {
    let sum = 0;
    const first = Math.ceil(this.#position - this.#reach);
    for (let index = Math.max(0, first); index <= this.#position + this.#reach; index += 1) {
      const distance = Math.abs(index - this.#position) * this.#scale;
      if (distance < LOBES) sum += input[index] * KERNEL[Math.round(distance * STEPS)];
    }
    return sum * this.#scale;
  }
}
