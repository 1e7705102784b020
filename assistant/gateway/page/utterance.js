// One spoken request over the WebSocket: from the press of the button to the last sample of the reply.

import { Microphone } from "./microphone.js";

const RATE_HERTZ = 16000;

/** Why an utterance failed: no microphone, no connection, or the gateway's own words. */
export class UtteranceFailed extends Error {
  constructor(reason, message = "") {
    super(message);
    this.reason = reason; // "microphone" | "offline" | "refused"
  }
}

export class Utterance {
  #events;
  #socket;
  #microphone = null;
  #waiting = []; // until the socket is open
  #piece = { rate: 0, bytes: new Uint8Array(0), filled: 0 };
  #isOver = false;
  #isStopped = false;

  /**
   * `origin` is the gateway's; what else those options have goes with the start (docs/guides/http-api.md). A
   * `microphone` may be open already, and have heard the frames `before`.
   * `events`: onListening(), onPartial(text), onStopped(), onCancelled(), onReply(reply), onSound(bytes, rateHertz), onDone(), onFailed(error);
   * of one that interrupts, onFalseInterruption(microphone), which is open still.
   */
  constructor(language, events, { origin = location.origin, ...start } = {}, { microphone, before = [] } = {}) {
    this.#events = events;
    this.#socket = new WebSocket(`${origin.replace(/^http/, "ws")}/v1/speech`);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => {
      this.#waiting.forEach((message) => this.#socket.send(message));
      this.#waiting = null;
    };
    this.#socket.onmessage = ({ data }) => this.#receive(data);
    this.#socket.onclose = () => this.#fail(new UtteranceFailed("offline"));
    this.#send(JSON.stringify({ type: "start", language, rate_hertz: RATE_HERTZ, speak: true, ...start }));
    before.forEach((frame) => this.#send(frame));
    this.#listen(origin, microphone);
  }

  /** The speaker has finished. */
  async stop() {
    if (this.#isStopped || this.#isOver) return;
    if (!this.#microphone) return this.cancel(); // let go before the microphone was there
    this.#isStopped = true;
    this.#events.onStopped();
    await this.#microphone.finish();
    this.#send(JSON.stringify({ type: "stop" }));
  }

  /** The button was let go at once: the gateway is to notice when the speaker has finished. */
  untilSilence() {
    if (!this.#isStopped) this.#send(JSON.stringify({ type: "until_silence" }));
  }

  /** Forget it. */
  cancel() {
    if (this.#isOver) return;
    this.#end();
    this.#events.onCancelled();
  }

  async #listen(origin, open) {
    try {
      open?.forward((frame) => this.#send(frame));
      const microphone = open ?? (await Microphone.open(RATE_HERTZ, (frame) => this.#send(frame), origin));
      if (this.#isOver) return microphone.close();
      this.#microphone = microphone;
      this.#events.onListening();
    } catch {
      this.#fail(new UtteranceFailed("microphone"));
    }
  }

  #send(message) {
    if (this.#isOver) return;
    if (this.#waiting) this.#waiting.push(message);
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message);
  }

  #receive(data) {
    if (this.#isOver) return;
    if (data instanceof ArrayBuffer) this.#collect(data);
    else this.#react(JSON.parse(data));
  }

  #begin({ rate_hertz, bytes }) {
    this.#piece = { rate: rate_hertz, bytes: new Uint8Array(bytes), filled: 0 };
  }

  /** A piece of the reply is heard as soon as it is whole; the next ones are still being made. */
  #collect(frame) {
    const piece = this.#piece;
    piece.bytes.set(new Uint8Array(frame), piece.filled);
    piece.filled += frame.byteLength;
    if (piece.filled === piece.bytes.length) this.#events.onSound(piece.bytes.buffer, piece.rate);
  }

  #react(event) {
    if (event.type === "partial") this.#events.onPartial(event.text);
    else if (event.type === "transcript") this.#hush();
    else if (event.type === "reply") this.#reply(event);
    else if (event.type === "speech") this.#begin(event);
    else if (event.type === "false_interruption") this.#dismiss();
    else if (event.type === "done") this.#finish();
    else if (event.type === "error") this.#fail(new UtteranceFailed("refused", event.message));
  }

  #reply(reply) {
    this.#hush();
    this.#events.onReply(reply);
  }

  /** The gateway has heard enough, maybe before the button was let go. */
  #hush() {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#microphone?.close();
    this.#events.onStopped();
  }

  /** Nobody has said anything. */
  #dismiss() {
    const microphone = this.#microphone;
    this.#microphone = null;
    this.#end();
    this.#events.onFalseInterruption(microphone);
  }

  #finish() {
    this.#end();
    this.#events.onDone();
  }

  #fail(error) {
    if (this.#isOver) return;
    this.#end();
    this.#events.onFailed(error);
  }

  #end() {
    this.#isOver = true;
    this.#microphone?.close();
    this.#socket.close();
  }
}
