// <kratt-chat>: words, questions, replies, voice and login brought together, as assistant/gateway/page/main.js does for our
// own page; that one has a cookie, a page to itself and speakers, this one a header, a host and what outlives a reload.

import { Refusal } from "../../../assistant/gateway/page/calls.js";
import { Desk } from "../../../assistant/gateway/page/desk.js";
import { makeHoldable } from "../../../assistant/gateway/page/hold_button.js";
import { linked } from "../../../assistant/gateway/page/links.js";
import { element, Log } from "../../../assistant/gateway/page/log.js";
import { fill, nameOf } from "../../../assistant/gateway/page/words.js";
import { deliver, newKey } from "./delivery.js";
import { HandOver } from "./hand_over.js";
import { LoginWindow } from "./login_window.js";
import { launcher, panel } from "./panel.js";
import { Remote } from "./remote.js";
import { Stored } from "./stored.js";
import { styles } from "./styles.js";
import { saveText, transcriptOf } from "./transcript.js";
import { Voice } from "./voice.js";

const BUSY = ["connecting", "listening", "thinking"];

export class KrattChat extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #stored = new Stored();
  #remote;
  #login;
  #desk;
  #handOver = new HandOver((id) => this.#at(id));
  #log;
  #voice;

  connectedCallback() {
    if (this.#remote) return; // moved on its page
    this.#remote = new Remote(this.origin, () => this.#stored.values.conversation);
    this.#login = new LoginWindow(this.origin, (...login) => this.#loggedIn(...login));
    this.#voice = new Voice(this.origin, this.#ofVoice());
    const show = (kind, text, language) => this.#add({ kind, text, language });
    const keep = (desk) => this.#stored.set({ desk });
    this.#desk = new Desk((after) => this.#remote.messages(after), show, this.#stored.values.desk, keep);
    this.#root.adoptedStyleSheets = [styles()];
    this.#root.append(launcher(), panel());
    this.#log = new Log(this.#at("log"), () => this.#words, () => this.#loginButton());
    this.#offerLanguages();
    this.#listenToCitizen();
    this.#speakLanguage(this.#firstLanguage());
    this.#showAgain();
    if (this.#stored.values.isOpen || this.hasAttribute("inline")) this.open({ focus: false });
  }

  open({ focus = true } = {}) {
    this.#stored.set({ isOpen: true });
    this.#show("panel", true);
    this.#show("launcher", false);
    this.#scrollDown();
    if (focus) this.#at("question").focus();
    this.#learnAbilities();
    this.#resume();
  }

  close() {
    this.#stopVoice();
    this.#stored.set({ isOpen: false });
    this.#show("panel", false);
    this.#show("launcher", true);
    this.#at("launcher").focus();
  }

  #at(id) {
    return this.#root.getElementById(id);
  }

  #show(id, isShown) {
    this.#at(id).hidden = !isShown;
  }

  // State

  /** idle | connecting | listening | thinking | speaking */
  get #state() {
    return this.#at("panel").dataset.state;
  }

  #enter(state) {
    this.#at("panel").dataset.state = state;
    this.#tell(["listening", "thinking", "speaking"].includes(state) ? this.#words[state] : "");
    this.#show("hush", state === "speaking");
    this.#at("talk").setAttribute("aria-pressed", String(state === "connecting" || state === "listening"));
    this.#at("send").setAttribute("aria-disabled", String(this.#isBusy));
    if (state !== "listening") this.#at("partial").textContent = "";
    this.#scrollDown();
  }

  get #isBusy() {
    return BUSY.includes(this.#state);
  }

  #tell(status) {
    this.#at("status").textContent = status;
  }

  #scrollDown() {
    this.#at("scroll").scrollTop = this.#at("scroll").scrollHeight;
  }

  // Words

  get #language() {
    return this.#stored.values.language;
  }

  get #words() {
    return WORDS[this.#language];
  }

  #firstLanguage() {
    const wanted = [this.#language, this.getAttribute("language"), document.documentElement.lang, ...navigator.languages];
    const known = wanted.map((tag) => tag?.split("-")[0]).find((tag) => tag in WORDS);
    return known ?? Object.keys(WORDS)[0];
  }

  #offerLanguages() {
    for (const language of Object.keys(WORDS)) {
      const button = element("button", "", nameOf(language));
      Object.assign(button, { type: "button", lang: language });
      button.addEventListener("click", () => {
        this.#speakLanguage(language);
        this.#learnAbilities();
      });
      this.#at("languages").append(button);
    }
  }

  #speakLanguage(language) {
    this.#stored.set({ language });
    this.#at("panel").lang = this.#at("launcher").lang = language;
    fill(this.#root, this.#words);
    for (const button of this.#at("languages").children) {
      button.setAttribute("aria-pressed", String(button.lang === language));
    }
    this.#showPerson();
  }

  /** Whether the gateway hears the language, how long a question may be, and what is to be known before one asks. */
  async #learnAbilities() {
    const language = this.#language;
    const asked = Promise.all([this.#remote.abilities(language), this.#remote.notices(language)]);
    const [abilities, notices] = await asked.catch(() => []); // a question will tell that it is offline
    if (!abilities || language !== this.#language) return;
    this.#at("question").maxLength = abilities.text_characters;
    this.#show("talk", abilities.hears);
    this.#show("hands-free-choice", abilities.hears);
    this.#show("cannot-hear", !abilities.hears);
    this.#at("notices").replaceChildren(...notices.map(({ text, urgent }) => {
      const notice = element("p", urgent ? "notice urgent" : "notice");
      notice.append(...linked(text));
      return notice;
    }));
  }

  // Questions and replies

  async ask(text, { shown = text, speak = this.#at("read-aloud").checked } = {}) {
    if (this.#isBusy) return;
    this.#voice.hush();
    const turn = { text, language: this.#language, speak, key: newKey(), since: Date.now() };
    if (shown) this.#add({ kind: "question", text: shown, language: turn.language });
    await this.#send(turn);
  }

  async #send(turn) {
    this.#stored.set({ sending: turn });
    this.#enter("thinking");
    const ask = () => deliver(turn, (each) => this.#remote.ask(each), () => this.#tell(this.#words.waiting_for_connection));
    const reply = await this.#attempt(ask);
    this.#stored.set({ sending: null });
    if (!reply) return this.#enter("idle");
    this.#take(reply, turn);
    if (reply.speech) this.#voice.addFile(reply.speech.base64);
    await this.#voice.untilHeard();
  }

  #take(reply, { text, speak }) {
    if (reply.locked_out) this.#forget();
    const isAnother = this.#stored.values.conversation !== reply.conversation_id;
    this.#stored.set({ conversation: reply.conversation_id });
    if (reply.language !== this.#language) this.#speakLanguage(reply.language); // as the citizen writes, so the widget
    if (isAnother && this.#stored.values.person !== null) this.#learnPerson(); // silence has ended the session
    const { language, outcome, reply: parts, sources, consent_url } = reply;
    this.#add({ kind: "reply", reply: { language, outcome, reply: parts, sources, consent_url } });
    this.#desk.look(); // it may have called a person, or ended that
    if (outcome !== "asked_login") this.#stored.set({ waiting: null });
    else if (reply.intent?.name !== "repeat") this.#stored.set({ waiting: { text, speak } });
  }

  #add(entry) {
    this.#stored.add(entry);
    this.#showEntry(entry);
  }

  #showEntry({ kind, text, language, heard, reply }) {
    this.#show("welcome", false);
    if (kind === "question") this.#log.addQuestion(text, language, { heard });
    else if (kind === "person" || kind === "standing") this.#log.addFromDesk(kind, text, language);
    else if (kind === "reply") this.#log.addReply(reply, (button) => this.ask(button.payload, { shown: button.title }));
    else if (kind === "warning") this.#log.addWarning(text, language);
    else this.#log.addError(text, language);
    this.#scrollDown();
  }

  /** What `action` gives, or nothing and an error in the log. */
  async #attempt(action) {
    try {
      return await action();
    } catch (error) {
      const text = error instanceof Refusal ? error.message : this.#words.error_offline;
      this.#add({ kind: "error", text, language: this.#language });
      return null;
    }
  }

  // After a reload

  #showAgain() {
    for (const entry of this.#stored.values.entries) this.#showEntry(entry);
    this.#showPerson();
  }

  /** A turn that had no reply when the page went away is sent again, by the same key. */
  #resume() {
    const { sending } = this.#stored.values;
    if (sending && !this.#isBusy) this.#send(sending);
    if (this.#stored.values.person !== null) this.#learnPerson();
    if (this.#stored.values.desk) this.#desk.look();
  }

  // Voice

  #startTalking() {
    if (!this.#isBusy) this.#voice.talk();
  }

  #takeSpoken(reply) {
    const heard = reply.transcript?.text;
    if (heard) this.#add({ kind: "question", text: heard, language: reply.language, heard: true });
    this.#take(reply, { text: heard, speak: true });
    if (reply.outcome === "unanswerable_no_speech") this.#leaveHandsFree(); // nobody speaks any more
  }

  #failToHear({ reason, message }) {
    const words = { microphone: this.#words.error_microphone, offline: this.#words.error_offline };
    this.#leaveHandsFree();
    this.#add({ kind: "error", text: words[reason] ?? message, language: this.#language });
    this.#enter("idle");
  }

  /** What the voice needs to know, and whom it tells. */
  #ofVoice() {
    const chat = this;
    return {
      get language() {
        return chat.#language;
      },
      get conversation() {
        return chat.#stored.values.conversation;
      },
      enter: (state) => this.#enter(state),
      onPartial: (text) => (this.#at("partial").textContent = text),
      onReply: (reply) => this.#takeSpoken(reply),
      onFailed: (error) => this.#failToHear(error),
    };
  }

  #stopVoice() {
    this.#leaveHandsFree();
    this.#voice.hush();
    this.#enter("idle");
  }

  #leaveHandsFree() {
    this.#voice.isHandsFree = this.#at("hands-free").checked = false;
  }

  // Menu

  #toggleMenu() {
    const isOpen = this.#at("menu").hidden;
    this.#show("hand-over-open", Boolean(this.#stored.values.conversation)); // there is something to go on with
    this.#show("menu", isOpen);
    this.#at("menu-open").setAttribute("aria-expanded", String(isOpen));
    this.#at(isOpen ? "read-aloud" : "menu-open").focus();
  }

  /** Whoever has talked is asked how it was; nobody else sees what was said meanwhile. */
  #end() {
    this.#toggleMenu();
    this.#stopVoice();
    this.#at("log").replaceChildren();
    if (!this.#stored.values.conversation) return this.#leave();
    this.#showInstead("feedback");
    this.#at("feedback").querySelector("input").focus();
  }

  async #giveFeedback() {
    const given = new FormData(this.#at("feedback"));
    const opinion = { grade: Number(given.get("grade")), words: given.get("words"), language: this.#language };
    await this.#remote.giveFeedback(opinion).catch(() => null); // it is nothing to trouble the citizen with
    await this.#leave();
    this.#tell(this.#words.feedback_thanks);
  }

  async #leave() {
    if (this.#stored.values.conversation) await this.#remote.logOut().catch(() => null); // silence ends it, too
    this.#at("feedback").reset();
    this.#forget();
    this.#at("question").focus();
  }

  /** What takes the conversation's place for a while: "feedback", "hand-over", or nothing. */
  #showInstead(id) {
    this.#handOver.clear();
    for (const each of ["feedback", "hand-over"]) this.#show(each, each === id);
    for (const each of ["scroll", "composer"]) this.#show(each, !id);
  }

  // To another screen

  async #offerHandOver() {
    this.#toggleMenu();
    this.#stopVoice();
    const offered = await this.#attempt(() => this.#remote.handOver());
    if (!offered) return;
    this.#showInstead("hand-over");
    this.#handOver.show(offered, () => this.#closeHandOver());
    this.#at("hand-over").focus();
  }

  #closeHandOver() {
    this.#showInstead(null);
    this.#at("question").focus();
  }

  // Login

  #loginButton() {
    const button = element("button", "login", this.#words.log_in);
    button.type = "button";
    button.addEventListener("click", () => this.#logIn());
    return button;
  }

  #logIn() {
    if (this.#login.open(this.#language)) return;
    this.#add({ kind: "error", text: this.#words.error_window, language: this.#language });
  }

  async #loggedIn(token, { isUnfamiliar }) {
    const claimed = await this.#attempt(() => this.#remote.claimLogin(token));
    if (!claimed) return;
    const { waiting } = this.#stored.values;
    this.#stored.set({ conversation: claimed.conversation_id, person: claimed.given_name, waiting: null });
    this.#showPerson();
    if (isUnfamiliar) this.#add({ kind: "warning", text: this.#words.unfamiliar_browser, language: this.#language });
    this.#at("question").focus();
    if (waiting) await this.ask(waiting.text, { shown: "", speak: waiting.speak }); // it stands there already
  }

  async #learnPerson() {
    const session = await this.#remote.session().catch(() => null);
    if (!session) return;
    this.#stored.set({ person: session.logged_in ? session.given_name : null });
    this.#showPerson();
  }

  #showPerson() {
    const { person } = this.#stored.values;
    this.#at("person").textContent = person ?? "";
    this.#show("person", person !== null);
    this.#at("panel").toggleAttribute("data-logged-in", person !== null);
    this.#show("log-out", person !== null);
    this.#show("log-in", person === null);
  }

  async #logOut() {
    if (!(await this.#attempt(() => this.#remote.logOut()))) return;
    this.#forget();
    this.#at("log-in").focus();
  }

  /** The next one at this screen is not to read it. */
  #forget() {
    this.#voice.hush();
    this.#showInstead(null);
    this.#desk.leave();
    this.#stored.clear();
    this.#at("log").replaceChildren();
    this.#show("welcome", true);
    this.#showPerson();
    this.#enter("idle");
  }

  // Start

  #listenToCitizen() {
    const on = (id, event, act) => this.#at(id).addEventListener(event, act);
    const question = this.#at("question");
    on("launcher", "click", () => this.open());
    on("close", "click", () => this.close());
    on("composer", "submit", (event) => {
      event.preventDefault();
      const text = question.value.trim();
      if (!text || this.#isBusy) return question.focus();
      if (this.#at("read-aloud").checked) this.#voice.unlock();
      question.value = "";
      this.ask(text);
    });
    question.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#at("composer").requestSubmit();
    });
    question.addEventListener("input", () => {
      if (["speaking", "listening"].includes(this.#state)) this.#stopVoice(); // whoever types is not talked over
    });
    for (const example of this.#root.querySelectorAll(".example")) {
      example.addEventListener("click", () => {
        question.focus(); // the button goes away
        this.ask(example.textContent);
      });
    }
    makeHoldable(this.#at("talk"), {
      isOn: () => this.#at("talk").getAttribute("aria-pressed") === "true",
      start: () => this.#startTalking(),
      letGo: () => this.#voice.letGo(),
      stop: () => this.#voice.stop(),
      cancel: () => this.#stopVoice(),
    });
    on("hush", "click", () => {
      this.#stopVoice();
      question.focus();
    });
    on("hands-free", "change", ({ target }) => {
      this.#toggleMenu();
      if (!this.#isBusy || !target.checked) this.#voice.setHandsFree(target.checked);
      else this.#leaveHandsFree();
    });
    on("hand-over-open", "click", () => this.#offerHandOver());
    on("hand-over-close", "click", () => this.#closeHandOver());
    on("save", "click", () => saveText(transcriptOf(this.#stored.values.entries, this.#words), "kratt.txt"));
    on("feedback", "submit", (event) => {
      event.preventDefault();
      this.#giveFeedback();
    });
    on("feedback-skip", "click", () => this.#leave());
    on("menu-open", "click", () => this.#toggleMenu());
    on("end", "click", () => this.#end());
    on("panel", "keydown", (event) => {
      if (event.key !== "Escape" || this.#isBusy) return; // then it takes back what is being said
      if (this.#at("menu").hidden) this.close();
      else this.#toggleMenu();
    });
    on("log-in", "click", () => this.#logIn());
    on("log-out", "click", () => this.#logOut());
  }
}
