// The page: words, questions, replies, voice and login brought together.

import * as gateway from "./gateway.js";
import { Desk } from "./desk.js";
import { makeHoldable } from "./hold_button.js";
import { Log, loginLink } from "./log.js";
import { Player } from "./player.js";
import { OwnData } from "./own_data.js";
import { Speakers } from "./speakers.js";
import { Utterance } from "./utterance.js";
import { fill, nameOf } from "./words.js";

const LANGUAGES = ["en", "et", "ru"];
const RETRY_MILLISECONDS = 2000;
const WAITING_MILLISECONDS = 4000;
const PRESENT_MILLISECONDS = 600000; // who has not touched the page for so long is not waited for
const HAND_OVER = "kratt.hand_over"; // the dialogue that waits for the login
const PENDING = "kratt.pending"; // the question that waits for the login

const at = (id) => document.getElementById(id);
const page = { language: "", words: {}, utterance: null, touched: Date.now() };
const player = new Player();
const log = new Log(at("log"), () => page.words, (language) => loginLink(language, page.words.log_in));
const speakers = new Speakers(at("speakers"), () => page.words);
const desk = new Desk(gateway.messages, (...said) => log.addFromDesk(...said));
const ownData = new OwnData(at("own-data"), () => page.words, leave);

/** idle | connecting | listening | thinking | speaking */
function show(state) {
  document.body.dataset.state = state;
  at("status").textContent = { listening: 1, thinking: 1, speaking: 1 }[state] ? page.words[state] : "";
  at("hush").hidden = state !== "speaking";
  at("talk").setAttribute("aria-pressed", String(state === "connecting" || state === "listening"));
  at("send").setAttribute("aria-disabled", String(isBusy()));
  if (state !== "listening") at("partial").textContent = "";
}

const isBusy = () => ["connecting", "listening", "thinking"].includes(document.body.dataset.state);

// Words

async function speakLanguage(language) {
  const answer = await gateway.words(language);
  page.language = answer.language;
  page.words = answer.words;
  document.documentElement.lang = answer.language;
  document.title = answer.words.title;
  at("question").maxLength = answer.text_characters;
  at("talking").hidden = !answer.hears;
  at("cannot-hear").hidden = answer.hears;
  fill(document, answer.words);
  for (const button of at("languages").children) {
    button.setAttribute("aria-pressed", String(button.lang === answer.language));
  }
  at("log-in").href = `/v1/login?language=${answer.language}`;
  await showPerson();
}

function firstLanguage() {
  const wanted = [localStorage.getItem("kratt.language"), ...navigator.languages.map((tag) => tag.split("-")[0])];
  return wanted.find((language) => LANGUAGES.includes(language)); // none: the gateway's default
}

function offerLanguages() {
  for (const language of LANGUAGES) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", lang: language, textContent: nameOf(language) });
    button.addEventListener("click", () => {
      localStorage.setItem("kratt.language", language);
      attempt(() => speakLanguage(language));
    });
    at("languages").append(button);
  }
}

// Questions and replies

async function ask(text, { shown = text, speak = at("read-aloud").checked } = {}) {
  if (isBusy()) return;
  hush();
  log.addQuestion(shown, page.language);
  leaveWelcome();
  show("thinking");
  const reply = await attempt(() => gateway.ask({ text, language: page.language, speak }));
  if (!reply) return show("idle");
  showReply(reply, text, speak);
  if (reply.speech) hear(() => player.addFile(reply.speech.base64));
  await untilHeard();
}

function showReply(reply, question, speak) {
  if (reply.language !== page.language) attempt(() => speakLanguage(reply.language)); // as the citizen writes, so the page
  if (reply.locked_out) leave();
  else if (!at("log-out").hidden) showPerson(); // "forget me" logs out, and so does silence
  log.addReply(reply, (button) => ask(button.payload, { shown: button.title }));
  desk.look(); // it may have called a person, or ended that
  if (reply.outcome !== "asked_login") {
    sessionStorage.removeItem(PENDING);
  } else if (reply.intent?.name !== "repeat") { // "say that again" is not what waits for the login
    sessionStorage.setItem(PENDING, JSON.stringify({ question, speak }));
  }
}

function hear(add) {
  show("speaking");
  add();
}

async function untilHeard() {
  if (document.body.dataset.state !== "speaking") return show("idle"); // there is nothing to hear
  await player.finished();
  if (document.body.dataset.state === "speaking") show("idle"); // unless the next question came meanwhile
}

/** No more of the reply, neither what plays nor what is still on its way. */
function hush() {
  player.stop();
  page.utterance?.cancel();
}

function leaveWelcome() {
  if (at("examples").contains(document.activeElement)) at("question").focus();
  at("examples").hidden = true;
}

/** What `action` gives, or nothing and an error in the log. */
async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    log.addError(error instanceof gateway.Refusal ? error.message : page.words.error_offline, page.language);
    return null;
  }
}

// Voice

function startTalking() {
  if (isBusy()) return;
  player.unlock();
  hush();
  show("connecting");
  page.utterance = new Utterance(page.language, {
    onListening: () => show("listening"),
    onPartial: (text) => (at("partial").textContent = text),
    onStopped: () => show("thinking"),
    onCancelled: () => show("idle"),
    onReply: showSpokenReply,
    onSound: (bytes, rateHertz) => hear(() => player.addPcm(bytes, rateHertz)),
    onDone: untilHeard,
    onFailed: (error) => {
      const words = { microphone: page.words.error_microphone, offline: page.words.error_offline };
      log.addError(words[error.reason] ?? error.message, page.language);
      show("idle");
    },
  });
}

function showSpokenReply(reply) {
  const heard = reply.transcript?.text;
  if (heard) log.addQuestion(heard, reply.language, { heard: true });
  leaveWelcome();
  showReply(reply, heard, true);
}

// Login

async function showPerson() {
  const person = await gateway.session().catch(() => null); // then nobody is shown as logged in
  const name = person?.logged_in ? person.given_name : null;
  at("person").textContent = name === null ? "" : page.words.logged_in_as.replace("{name}", () => name);
  at("person").hidden = name === null;
  at("log-out").hidden = name === null;
  at("speakers-open").hidden = name === null;
  at("own-data-open").hidden = name === null;
  at("log-in").hidden = name !== null;
}

async function logOut() {
  if (await attempt(gateway.logOut)) await leave();
}

async function leave() {
  at("log").replaceChildren(); // the next one at this screen is not to read it
  sessionStorage.removeItem(PENDING);
  speakers.close();
  desk.leave();
  at("examples").hidden = false;
  await showPerson();
  at("log-in").focus();
}

/** What a speaker did not say aloud is answered here, while somebody is at the page who is logged in. */
async function answerWaiting() {
  const isSomebodyHere = !document.hidden && Date.now() - page.touched < PRESENT_MILLISECONDS;
  if (at("log-out").hidden || !isSomebodyHere || document.body.dataset.state !== "idle") return;
  const waiting = await gateway.takeWaiting().catch(() => ({ requests: [] })); // next time, then
  for (const request of waiting.requests) {
    if (request.hand_over) await goOnWith(request.hand_over);
    else await ask(request.text, { speak: false });
  }
}

async function keepAnswering() {
  await answerWaiting();
  setTimeout(keepAnswering, WAITING_MILLISECONDS);
}

/** After the login service sent the browser back: ask what waited, or offer it again. */
async function resumeQuestion() {
  const back = new URLSearchParams(location.search);
  if (!back.has("logged_in") && !back.has("login")) return;
  history.replaceState(null, "", "/");
  const isSomebodyHere = !at("log-out").hidden; // a link that somebody sent proves no login
  if (isSomebodyHere && back.has("unfamiliar_browser")) log.addWarning(page.words.unfamiliar_browser, page.language);
  const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? "null");
  sessionStorage.removeItem(PENDING);
  if (!pending?.question) return;
  if (back.has("logged_in")) await ask(pending.question, { speak: pending.speak });
  else at("question").value = pending.question;
}

/** Back from the Smart-ID app on this telephone, which is linked. */
function sayLinked() {
  if (!new URLSearchParams(location.search).has("smart_id")) return;
  history.replaceState(null, "", "/");
  ownData.open({ isLinked: true });
}

// From a speaker or another screen to this page

/** A link brings the dialogue along. */
async function takeHandOver() {
  const [, linked] = location.hash.match(/^#continue=([\w-]+)$/) ?? [];
  const token = linked ?? sessionStorage.getItem(HAND_OVER);
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  await takeByToken(token);
}

/** Whose it is may have to log in first. */
async function takeByToken(token) {
  sessionStorage.removeItem(HAND_OVER);
  if (await goOnWith(token)) at("go-on").open = false;
  else if (at("log-out").hidden) sessionStorage.setItem(HAND_OVER, token);
}

async function goOnWith(token) {
  if (!(await attempt(() => gateway.takeHandOver(token)))) return false;
  await showPerson();
  await ask(page.words.say_again);
  return true;
}

// Start

function listenToCitizen() {
  const question = at("question");
  at("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = question.value.trim();
    if (!text || isBusy()) return question.focus();
    if (at("read-aloud").checked) player.unlock();
    question.value = "";
    ask(text);
  });
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    at("composer").requestSubmit();
  });
  for (const example of at("examples").querySelectorAll("button")) {
    example.addEventListener("click", () => ask(example.textContent));
  }
  makeHoldable(at("talk"), {
    isOn: () => at("talk").getAttribute("aria-pressed") === "true",
    start: startTalking,
    letGo: () => page.utterance?.untilSilence(),
    stop: () => page.utterance?.stop(),
    cancel: () => page.utterance?.cancel(),
  });
  at("hush").addEventListener("click", () => {
    hush();
    question.focus();
  });
  at("log-out").addEventListener("click", logOut);
  window.addEventListener("hashchange", takeHandOver);
  at("go-on").querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    takeByToken(at("go-on-code").value.trim());
    at("go-on-code").value = "";
  });
  at("speakers-open").addEventListener("click", () => speakers.open());
  at("own-data-open").addEventListener("click", () => ownData.open());
  for (const touch of ["pointerdown", "keydown", "visibilitychange"]) {
    document.addEventListener(touch, () => (page.touched = Date.now()));
  }
  at("read-aloud").checked = localStorage.getItem("kratt.read_aloud") === "yes";
  at("read-aloud").addEventListener("change", ({ target }) => {
    localStorage.setItem("kratt.read_aloud", target.checked ? "yes" : "no");
    if (!target.checked) hush();
  });
}

/** Without words there is no page, not even to say so: try until there are. */
async function begin() {
  try {
    await speakLanguage(firstLanguage());
  } catch {
    return setTimeout(begin, RETRY_MILLISECONDS);
  }
  show("idle");
  await desk.look();
  await resumeQuestion();
  sayLinked();
  await takeHandOver();
  await keepAnswering();
}

offerLanguages();
listenToCitizen();
await begin();
