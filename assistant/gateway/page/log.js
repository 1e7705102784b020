// The conversation as it is shown. Whatever comes from elsewhere becomes text, never markup.

import { linked } from "./links.js";

/** An element with a class and a text. */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Log {
  #list;
  #words;
  #makeLogin;

  /** `words` is a function, for the language may change; `makeLogin(language)` makes what leads to the login. */
  constructor(list, words, makeLogin) {
    this.#list = list;
    this.#words = words;
    this.#makeLogin = makeLogin;
  }

  /** What the citizen typed or said. */
  addQuestion(text, language, { heard = false } = {}) {
    const words = this.#words();
    const message = this.#message("you", heard ? `${words.you} · ${words.heard}` : words.you, language);
    message.append(element("p", "text", text));
    this.#show(message);
  }

  /** Kratt's reply; `onButton` gets the button that was pressed. */
  addReply(reply, onButton) {
    const message = this.#message("kratt", this.#words().kratt, reply.language);
    message.dataset.outcome = reply.outcome;
    for (const part of reply.reply) {
      const text = element("p", "text");
      text.append(...linked(part.text));
      message.append(text);
      if (part.buttons.length) message.append(buttons(part.buttons, onButton));
    }
    if (reply.consent_url) message.append(...consentLink(reply.consent_url, this.#words().give_consent));
    if (reply.outcome === "asked_login") message.append(this.#makeLogin(reply.language));
    if (reply.sources.length) {
      message.append(element("p", "sources", `${this.#words().sources}: ${reply.sources.join(", ")}`));
    }
    this.#show(message);
  }

  /** What a person at the desk says ("person"), or how the case stands ("standing"). */
  addFromDesk(kind, text, language) {
    const who = kind === "person" ? this.#words().person_at_desk : this.#words().kratt;
    const message = this.#message(`kratt ${kind}`, who, language);
    message.append(element("p", "text", text));
    this.#show(message);
  }

  /** What the citizen should know though they did not ask. */
  addWarning(text, language) {
    const message = this.#message("kratt warning", this.#words().kratt, language);
    message.append(element("p", "text", text));
    this.#show(message);
  }

  /** What went wrong, in words for the citizen. */
  addError(text, language) {
    const message = this.#message("kratt error", this.#words().kratt, language);
    message.append(element("p", "text", text));
    this.#show(message);
  }

  #message(className, who, language) {
    const message = element("div", `message ${className}`);
    message.lang = language;
    message.append(element("p", "who", who));
    return message;
  }

  #show(message) {
    this.#list.append(message);
    message.scrollIntoView({ block: "nearest" });
  }
}

/** A link to the login, as the gateway's own page has it. */
export function loginLink(language, word) {
  const link = element("a", "login", word);
  link.href = `/v1/login?language=${language}`;
  return link;
}

/** A button to the page where a consent is given, which is not told where its visitor came from; none, if it is no such page. */
function consentLink(address, word) {
  if (!address.startsWith("https:")) return [];
  const link = element("a", "consent", word);
  Object.assign(link, { href: address, target: "_blank", rel: "noopener noreferrer nofollow", referrerPolicy: "no-referrer" });
  return [link];
}

function buttons(choices, onButton) {
  const list = element("ul", "buttons");
  for (const choice of choices) {
    const button = element("button", "", choice.title);
    button.type = "button";
    button.addEventListener("click", () => onButton(choice));
    const item = element("li", "");
    item.append(button);
    list.append(item);
  }
  return list;
}
