// The microphone as a stream of 16-bit frames.

export class Microphone {
  #context;
  #tracks;
  #worklet;
  #onVoice;

  /**
   * Asks for the microphone; `onFrame` gets an Int16Array a few times a second, `onVoice` is called within a tenth of a
   * second when somebody begins to speak. The part on the audio thread comes from `origin`. Rejects if there is none to be had.
   */
  static async open(rateHertz, onFrame, origin, onVoice = null) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const microphone = new Microphone();
    microphone.#tracks = stream.getTracks();
    microphone.#onVoice = onVoice;
    try {
      await microphone.#connect(stream, rateHertz, onFrame, origin);
    } catch (error) {
      microphone.close();
      throw error;
    }
    return microphone;
  }

  async #connect(stream, rateHertz, onFrame, origin) {
    this.#context = new AudioContext();
    await this.#context.audioWorklet.addModule(`${origin}/page/recorder_worklet.js`);
    await this.#context.resume();
    this.#worklet = new AudioWorkletNode(this.#context, "recorder", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
      processorOptions: { rateHertz, hasGate: this.#onVoice !== null },
    });
    this.forward(onFrame);
    this.#context.createMediaStreamSource(stream).connect(this.#worklet);
  }

  /** From now on, frames go there. */
  forward(onFrame) {
    this.#worklet.port.onmessage = ({ data }) => {
      if (data === "voice") this.#onVoice();
      else if (data) onFrame(data);
    };
  }

  /** Hands over what is left, then lets the microphone go. */
  async finish() {
    const forward = this.#worklet.port.onmessage;
    const drained = new Promise((resolve) => {
      this.#worklet.port.onmessage = (message) => (message.data ? forward(message) : resolve());
    });
    this.#worklet.port.postMessage("rest");
    await drained;
    this.close();
  }

  close() {
    this.#tracks.forEach((track) => track.stop());
    if (this.#context?.state !== "closed") this.#context?.close();
  }
}
