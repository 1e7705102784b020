// Speaking and listening: by a button, or hands-free, where the next question is heard without one, and whoever begins to
// speak is not talked over.

import { Microphone } from "../../../assistant/gateway/page/microphone.js";
import { Player } from "../../../assistant/gateway/page/player.js";
import { Utterance } from "../../../assistant/gateway/page/utterance.js";
import { VoiceGate } from "./voice_gate.js";

const RATE_HERTZ = 16000;

export class Voice {
  #origin;
  #chat;
  #player = new Player();
  #utterance = null;
  #ear = null; // the microphone while an answer is heard
  #answers = 0; // counts those that were heard or stopped
  isHandsFree = false;

  /**
   * `chat` knows language and conversation, and is told: enter(state), onPartial(text), onReply(reply), onFailed(error).
   */
  constructor(origin, chat) {
    this.#origin = origin;
    this.#chat = chat;
  }

  /** To be called in a click or key press: browsers play nothing before one. */
  unlock() {
    this.#player.unlock();
  }

  talk(options = {}) {
    this.unlock();
    this.hush();
    this.#chat.enter("connecting");
    const { language, conversation } = this.#chat;
    this.#utterance = new Utterance(language, {
      onListening: () => this.#chat.enter("listening"),
      onPartial: (text) => this.#chat.onPartial(text),
      onStopped: () => this.#chat.enter("thinking"),
      onCancelled: () => this.#chat.enter("idle"),
      onReply: (reply) => this.#chat.onReply(reply),
      onSound: (bytes, rateHertz) => this.#play(() => this.#player.addPcm(bytes, rateHertz)),
      onDone: () => this.untilHeard(),
      onFailed: (error) => this.#chat.onFailed(error),
    }, {
      origin: this.#origin,
      ...(conversation && { conversation_id: conversation }),
      ...(this.isHandsFree && { until_silence: true }),
    }, options);
  }

  letGo() {
    this.#utterance?.untilSilence();
  }

  stop() {
    this.#utterance?.stop();
  }

  cancel() {
    this.#utterance?.cancel();
  }

  /** Plays the WAV file of a typed question's reply. */
  addFile(base64) {
    this.#play(() => this.#player.addFile(base64));
  }

  /** No more of the reply, neither what plays nor what is still on its way. */
  hush() {
    this.#answers += 1;
    this.#player.stop();
    this.#utterance?.cancel();
    this.#closeEar();
  }

  /** Once the reply was heard, the next question is listened for, if that needs no button. */
  async untilHeard() {
    const answer = this.#answers;
    await this.#player.finished();
    if (answer !== this.#answers) return; // the next question came meanwhile
    this.#closeEar();
    this.#chat.enter("idle");
    if (this.isHandsFree) this.talk();
  }

  setHandsFree(isOn) {
    this.isHandsFree = isOn;
    if (isOn) this.talk();
    else this.hush();
  }

  #play(add) {
    this.#chat.enter("speaking");
    add();
    if (this.isHandsFree) this.#openEar();
  }

  /** While an answer is heard, a voice stops it: what was said so far is the beginning of the next question. */
  async #openEar() {
    if (this.#ear) return;
    const answer = this.#answers;
    const gate = new VoiceGate();
    this.#ear = Microphone.open(RATE_HERTZ, (frame) => {
      if (!gate.opensFor(frame) || answer !== this.#answers) return;
      const ear = this.#ear;
      this.#ear = null;
      ear.then((microphone) => this.talk({ microphone, before: gate.recent }));
    }, this.#origin).catch(() => null); // then the answer is heard to its end
  }

  #closeEar() {
    this.#ear?.then((microphone) => microphone?.close());
    this.#ear = null;
  }
}
