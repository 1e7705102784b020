// The citizen's own speakers: linked by the code they say, locked, unlocked, renamed and unlinked.

import * as gateway from "/page/gateway.js";

/** The dialog with the list; `words` is a function, for the language may change. */
export class Speakers {
  #dialog;
  #words;

  constructor(dialog, words) {
    this.#dialog = dialog;
    this.#words = words;
    this.#at("link").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#act(() => this.#link());
    });
    this.#at("close").addEventListener("click", () => dialog.close());
  }

  async open() {
    this.#dialog.showModal();
    await this.#act(() => {});
  }

  close() {
    this.#dialog.close();
    this.#at("list").replaceChildren();
  }

  async #link() {
    const [code, name] = [this.#at("code"), this.#at("name")];
    await gateway.linkSpeaker({ code: code.value, name: name.value });
    code.value = name.value = "";
  }

  /** Does `action`, then shows the speakers as they are now, and what went wrong. */
  async #act(action) {
    const problem = this.#at("problem");
    problem.textContent = "";
    try {
      await action();
      const speakers = await gateway.speakers();
      this.#at("list").replaceChildren(...speakers.map((speaker) => this.#item(speaker)));
      this.#at("none").hidden = speakers.length > 0;
    } catch (error) {
      problem.textContent = error instanceof gateway.Refusal ? error.message : this.#words().error_offline;
    }
  }

  #item(speaker) {
    const words = this.#words();
    const item = this.#dialog.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    const change = (changes) => this.#act(() => gateway.changeSpeaker(speaker.device_id, changes));
    item.setAttribute("aria-label", speaker.name);
    item.dataset.locked = speaker.is_locked;
    part("title").textContent = speaker.name;
    part("state").textContent = speaker.is_locked ? words.speaker_locked : words.speaker_unlocked;
    part("toggle").textContent = speaker.is_locked ? words.speaker_unlock : words.speaker_lock;
    part("consent-word").textContent = words.speaker_may_speak;
    part("name-word").textContent = words.speaker_name;
    part("rename").textContent = words.speaker_rename;
    part("unlink").textContent = words.speaker_unlink;
    part("name").value = speaker.name;
    part("consent").checked = speaker.may_speak;
    part("toggle").addEventListener("click", () => change({ is_locked: !speaker.is_locked }));
    part("consent").addEventListener("change", ({ target }) => change({ may_speak: target.checked }));
    part("unlink").addEventListener("click", () => this.#act(() => gateway.unlinkSpeaker(speaker.device_id)));
    part("naming").addEventListener("submit", (event) => {
      event.preventDefault();
      change({ name: part("name").value });
    });
    return item;
  }

  #at(name) {
    return this.#dialog.querySelector(`#speaker-${name}`);
  }
}
