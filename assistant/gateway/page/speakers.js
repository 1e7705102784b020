// The citizen's own speakers: linked by the code they say, locked, unlocked, renamed and unlinked.

import * as gateway from "./gateway.js";

/** The dialog with the list; `words` is a function, for the language may change. */
export class Speakers {
  #dialog;
  #words;
  #latest = Promise.resolve();

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
    await this.#act(async () => this.#show(await gateway.speakers()));
  }

  close() {
    this.#dialog.close();
    this.#show([]);
  }

  #show(speakers) {
    this.#at("list").replaceChildren(...speakers.map((speaker) => this.#item(speaker)));
    this.#count();
  }

  #count() {
    this.#at("none").hidden = this.#at("list").childElementCount > 0;
  }

  async #link() {
    const [code, name] = [this.#at("code"), this.#at("name")];
    const linked = await gateway.linkSpeaker({ code: code.value, name: name.value });
    code.value = name.value = "";
    this.#at("list").append(this.#item(linked));
    this.#count();
  }

  /** Does `action` once the one before is done, so that what is shown is the latest; says what went wrong. */
  #act(action) {
    this.#latest = this.#latest.then(() => this.#try(action));
    return this.#latest;
  }

  async #try(action) {
    const problem = this.#at("problem");
    problem.textContent = "";
    try {
      await action();
    } catch (error) {
      problem.textContent = error instanceof gateway.Refusal ? error.message : this.#words().error_offline;
    }
  }

  #item(speaker) {
    const words = this.#words();
    const item = this.#dialog.querySelector("template").content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    const show = ({ name, is_locked, may_speak }) => {
      item.setAttribute("aria-label", name);
      item.dataset.locked = is_locked;
      part("title").textContent = name;
      part("state").textContent = is_locked ? words.speaker_locked : words.speaker_unlocked;
      part("toggle").textContent = is_locked ? words.speaker_unlock : words.speaker_lock;
      part("consent").checked = may_speak; // the name that is being written stays as it is
    };
    const change = (changes) => this.#act(async () => show(await gateway.changeSpeaker(speaker.device_id, changes)));
    show(speaker);
    part("name").value = speaker.name;
    part("consent-word").textContent = words.speaker_may_speak;
    part("name-word").textContent = words.speaker_name;
    part("rename").textContent = words.speaker_rename;
    part("unlink").textContent = words.speaker_unlink;
    part("toggle").addEventListener("click", () => change({ is_locked: item.dataset.locked === "false" }));
    part("consent").addEventListener("change", ({ target }) => change({ may_speak: target.checked }));
    part("naming").addEventListener("submit", (event) => {
      event.preventDefault();
      change({ name: part("name").value });
    });
    part("unlink").addEventListener("click", () =>
      this.#act(async () => {
        await gateway.unlinkSpeaker(speaker.device_id);
        item.remove();
        this.#count();
      }),
    );
    return item;
  }

  #at(name) {
    return this.#dialog.querySelector(`#speaker-${name}`);
  }
}
