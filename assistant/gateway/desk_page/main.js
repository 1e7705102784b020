// The desk: the queue, and the case that the agent has open.

import { Api, Refusal } from "/desk_page/api.js";
import { Case } from "/desk_page/case.js";
import { language, words } from "/desk_page/words.js";

const POLL_MILLISECONDS = 2000;
const TOKEN = "kratt.desk_token";
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;

const at = (id) => document.getElementById(id);
const desk = { api: null, open: null, timer: null };

function begin() {
  document.documentElement.lang = language;
  document.title = words.title;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = words[element.dataset.word];
  at("sign-in").addEventListener("submit", (event) => {
    event.preventDefault();
    signIn(at("token").value.trim());
  });
  at("leave").addEventListener("click", signOut);
  at("answer").addEventListener("submit", send);
  at("text").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    at("answer").requestSubmit();
  });
  at("release").addEventListener("click", () => end((api, id) => api.release(id)));
  at("close").addEventListener("click", () => end((api, id) => api.close(id)));
  const kept = sessionStorage.getItem(TOKEN);
  if (kept) signIn(kept);
}

// On duty, off duty

async function signIn(token) {
  desk.api = new Api(token);
  if (!(await look())) return;
  sessionStorage.setItem(TOKEN, token);
  at("token").value = "";
}

async function signOut() {
  const { api } = desk;
  show(false);
  await attempt(() => api.leave());
}

function show(isOnDuty) {
  at("sign-in").hidden = isOnDuty;
  at("desk").hidden = !isOnDuty;
  at("leave").hidden = !isOnDuty;
  if (isOnDuty) return;
  clearTimeout(desk.timer);
  sessionStorage.removeItem(TOKEN);
  leaveCase();
  at("agent").textContent = "";
  document.title = words.title;
  desk.api = null;
}

// Looking

/** The queue and the open case as they are now; whether the agent is on duty. */
async function look() {
  clearTimeout(desk.timer);
  const { api } = desk;
  if (!api) return false;
  try {
    const { agent, cases } = await api.queue();
    if (api !== desk.api) return false; // gone off duty meanwhile
    at("agent").textContent = agent;
    show(true);
    showQueue(cases);
    if (desk.open && !cases.some(({ case_id, is_mine }) => is_mine && case_id === desk.open.id)) {
      leaveCase();
      at("status").textContent = words.ended;
    }
    await desk.open?.look();
    at("problem").textContent = "";
  } catch (error) {
    if (error instanceof Refusal && error.status === FORBIDDEN) {
      show(false);
      at("problem").textContent = words.refused;
      return false;
    }
    if (!(error instanceof Refusal && error.status === NOT_FOUND)) at("problem").textContent = words.offline;
  }
  clearTimeout(desk.timer);
  desk.timer = setTimeout(look, POLL_MILLISECONDS);
  return true;
}

function showQueue(cases) {
  const waiting = cases.filter(({ is_mine }) => !is_mine).length;
  document.title = waiting ? `(${waiting}) ${words.title}` : words.title;
  at("empty").hidden = cases.length > 0;
  const kept = new Map([...at("queue").children].map((item) => [item.dataset.case, item]));
  const items = cases.map((each) => itemOf(each, kept.get(each.case_id)));
  // Elements stay where they can, so that the keyboard's focus does.
  for (const item of kept.values()) if (!items.includes(item)) item.remove();
  items.forEach((item, index) => {
    if (at("queue").children[index] !== item) at("queue").insertBefore(item, at("queue").children[index] ?? null);
  });
}

function itemOf(each, known) {
  const item = known ?? newItem(each);
  item.querySelector("p").textContent = each.is_mine ? `${title(each)} · ${words.mine}` : `${title(each)} · ${waits(each)}`;
  item.querySelector("button").textContent = each.is_mine ? words.open : words.take;
  item.querySelector("button").setAttribute("aria-label", `${each.is_mine ? words.open : words.take}: ${title(each)}`);
  return item;
}

function newItem(each) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  item.dataset.case = each.case_id;
  button.type = "button";
  button.className = "filled";
  button.addEventListener("click", () => take(each));
  item.append(document.createElement("p"), button);
  return item;
}

function title({ language: spoken, reason, service }) {
  return [words.languages[spoken], words[reason], service.replaceAll("_", " ")].filter(Boolean).join(" · ");
}

function waits({ waiting_seconds }) {
  const minutes = Math.floor(waiting_seconds / 60);
  const seconds = Math.floor(waiting_seconds % 60);
  return words.waits.replace("{time}", `${minutes}:${String(seconds).padStart(2, "0")}`);
}

// A case

async function take(each) {
  at("status").textContent = "";
  if (!(await attempt(() => desk.api.claim(each.case_id), { [CONFLICT]: words.taken, [NOT_FOUND]: words.ended }))) {
    return look();
  }
  desk.open = new Case(desk.api, each, title(each));
  await look();
  at("case-title").focus();
}

async function send(event) {
  event.preventDefault();
  const text = at("text").value.trim();
  if (!text || !desk.open) return;
  const sent = await attempt(async () => (await desk.open.send(text), true), { [NOT_FOUND]: words.ended });
  if (sent && at("text").value.trim() === text) at("text").value = "";
}

async function end(act) {
  if (!desk.open) return;
  const { id } = desk.open;
  await attempt(() => act(desk.api, id), { [NOT_FOUND]: words.ended });
  leaveCase();
  await look();
}

function leaveCase() {
  if (at("case").contains(document.activeElement)) at("queue-title").scrollIntoView();
  desk.open?.hide();
  desk.open = null;
}

/** What `action` gives (true for nothing), or null once the agent was told why not. */
async function attempt(action, known = {}) {
  try {
    const given = (await action()) ?? true;
    at("problem").textContent = "";
    return given;
  } catch (error) {
    const isKnown = error instanceof Refusal;
    at("problem").textContent = (isKnown && known[error.status]) || (isKnown ? error.message : words.offline);
    return null;
  }
}

begin();
