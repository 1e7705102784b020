// The case that is open on the agent's screen. Whatever comes from elsewhere becomes text, never markup.

import { newKey } from "/desk_page/api.js";
import { words } from "/desk_page/words.js";

const at = (id) => document.getElementById(id);

export class Case {
  id;
  #api;
  #after = 0;
  #unsent = null; // a message keeps its key until it has arrived

  constructor(api, { case_id, language }, title) {
    this.id = case_id;
    this.#api = api;
    at("case-title").textContent = title;
    at("words").replaceChildren();
    at("words").lang = at("transcript").lang = at("text").lang = language;
    at("transcript").replaceChildren();
    at("text").value = "";
    at("case").hidden = false;
  }

  /** Show what was said since, and at first what the citizen handed over. */
  async look() {
    const isFirst = this.#after === 0 && !at("words").hasChildNodes();
    const came = await this.#api.read(this.id, this.#after);
    if (isFirst) this.#showTalk(came.transcript);
    for (const { number, is_agents, text } of came.words) {
      if (number <= this.#after) continue; // two looks at once
      this.#after = number;
      this.#show(is_agents ? "agent" : "citizen", text);
    }
  }

  /** Send it; after a failure the same words go under the same key, so that they are said once. */
  async send(text) {
    if (this.#unsent?.text !== text) this.#unsent = { text, key: newKey() };
    await this.#api.answer(this.id, text, this.#unsent.key);
    this.#unsent = null;
    await this.look();
  }

  hide() {
    at("case").hidden = true;
  }

  #showTalk(transcript) {
    at("past").hidden = !transcript.length;
    at("no-talk").hidden = transcript.length > 0;
    const said = transcript.flatMap(({ said, replied }) => [[words.citizen, said], [words.kratt, replied]]);
    at("transcript").replaceChildren(...said.map(([who, text]) => line("li", who, text)));
  }

  #show(who, text) {
    const message = line("div", words[who], text);
    message.className = `message ${who === "agent" ? "you" : "kratt"}`;
    at("words").append(message);
    message.scrollIntoView({ block: "nearest" });
  }
}

function line(tag, who, text) {
  const made = document.createElement(tag);
  for (const [className, content] of [["who", who], ["text", text]]) {
    const part = document.createElement("p");
    part.className = className;
    part.textContent = content;
    made.append(part);
  }
  return made;
}
