// Speaking and listening: by a button, or hands-free, where the next question is heard without one, and whoever begins to
// speak is not talked over.

import { Microphone } from "../../../assistant/gateway/page/microphone.js";
import { Player } from "../../../assistant/gateway/page/player.js";
import { Utterance } from "../../../assistant/gateway/page/utterance.js";

const RATE_HERTZ = 16000;
const RECENT_FRAMES = 3; // of the microphone, tenths of a second: a voice has begun before it is noticed

export class Voice {
  #origin;
  #chat;
  #player = new Player();
  #utterance = null;
  #ear = null; // the microphone while an answer is heard
  #recent = []; // what it heard last
  #interruption = null; // while somebody speaks into an answer: that answer's utterance, and what waits for the outcome
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

  talk() {
    this.unlock();
    this.hush();
    this.#chat.enter("connecting");
    this.#utterance = this.#listen(this.isHandsFree ? { until_silence: true } : {});
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
    this.#endAnswer();
    this.#utterance?.cancel();
    this.#closeEar();
  }

  /** Once the reply was heard, the next question is listened for, if that needs no button. */
  async untilHeard() {
    const answer = this.#answers;
    await this.#player.finished();
    await this.#interruption?.isOver;
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

  #listen(start, options = {}) {
    const { language, conversation } = this.#chat;
    return new Utterance(language, {
      onListening: () => this.#chat.enter("listening"),
      onPartial: (text) => this.#chat.onPartial(text),
      onStopped: () => {
        this.#endAnswer();
        this.#chat.enter("thinking");
      },
      onCancelled: () => this.#chat.enter("idle"),
      onReply: (reply) => this.#chat.onReply(reply),
      onSound: (bytes, rateHertz) => this.#play(() => this.#player.addPcm(bytes, rateHertz)),
      onDone: () => this.untilHeard(),
      onFalseInterruption: (microphone) => this.#goOn(microphone),
      onFailed: (error) => {
        this.#endAnswer();
        this.#chat.onFailed(error);
      },
    }, { origin: this.#origin, ...(conversation && { conversation_id: conversation }), ...start }, options);
  }

  #play(add) {
    add();
    if (this.#interruption) return; // it waits with the rest
    this.#chat.enter("speaking");
    if (this.isHandsFree) this.#openEar();
  }

  #endAnswer() {
    this.#answers += 1;
    this.#player.stop();
    this.#interruption?.utterance?.cancel();
    this.#settle();
  }

  // Interruptions

  /** While an answer is heard, a voice halts it. */
  #openEar() {
    this.#ear ??= Microphone.open(RATE_HERTZ, (frame) => this.#remember(frame), this.#origin, () => this.#interrupt())
      .catch(() => null); // then the answer is heard to its end
  }

  #remember(frame) {
    this.#recent = [...this.#recent, frame].slice(-RECENT_FRAMES);
  }

  /** The gateway tells whether it was the next question, or a cough. */
  async #interrupt() {
    if (!this.#ear || this.#interruption) return;
    this.#player.pause();
    let settle;
    const isOver = new Promise((resolve) => (settle = resolve));
    this.#interruption = { utterance: this.#utterance, isOver, settle };
    const microphone = await this.#ear;
    if (!this.#interruption) return; // hushed meanwhile
    this.#ear = null;
    this.#utterance = this.#listen({ until_silence: true, interrupts: true }, { microphone, before: this.#recent });
  }

  /** It was nothing: the answer goes on where it was. */
  #goOn(microphone) {
    if (!this.#interruption) return microphone.close();
    this.#utterance = this.#interruption.utterance;
    this.#ear = Promise.resolve(microphone);
    microphone.forward((frame) => this.#remember(frame));
    this.#chat.enter("speaking");
    this.#player.resume();
    this.#settle();
  }

  #settle() {
    this.#interruption?.settle();
    this.#interruption = null;
  }

  #closeEar() {
    this.#ear?.then((microphone) => microphone?.close());
    this.#ear = null;
    this.#recent = [];
  }
}
