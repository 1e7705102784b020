// The conversation as it is shown. Whatever comes from elsewhere becomes text, never markup.

/** An element with a class and a text. */
function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export class Log {
  #list;
  #words;

  constructor(list, words) {
    this.#list = list;
    this.#words = words; // a function: the language may change
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
      message.append(element("p", "text", part.text));
      if (part.buttons.length) message.append(buttons(part.buttons, onButton));
    }
    if (reply.outcome === "asked_login") message.append(this.#login(reply.language));
    if (reply.sources.length) {
      message.append(element("p", "sources", `${this.#words().sources}: ${reply.sources.join(", ")}`));
    }
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

  #login(language) {
    const link = element("a", "login", this.#words().log_in);
    link.href = `/v1/login?language=${language}`;
    return link;
  }

  #show(message) {
    this.#list.append(message);
    message.scrollIntoView({ block: "nearest" });
  }
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
