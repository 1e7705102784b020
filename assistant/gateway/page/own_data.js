// What Kratt keeps about the citizen: taken along as a file, or forgotten.

import * as gateway from "./gateway.js";

/** The dialog; `words` is a function, for the language may change, and `onForgotten` is called once all is gone. */
export class OwnData {
  #dialog;
  #words;

  constructor(dialog, words, onForgotten) {
    this.#dialog = dialog;
    this.#words = words;
    this.#at("close").addEventListener("click", () => dialog.close());
    this.#at("forget").addEventListener("click", () => this.#forget(onForgotten));
  }

  open() {
    this.#at("problem").textContent = "";
    this.#dialog.showModal();
  }

  async #forget(onForgotten) {
    if (!window.confirm(this.#words().forget_sure)) return;
    try {
      await gateway.forgetMe();
    } catch (error) {
      this.#at("problem").textContent = error instanceof gateway.Refusal ? error.message : this.#words().error_offline;
      return;
    }
    this.#dialog.close();
    await onForgotten();
  }

  #at(name) {
    return this.#dialog.querySelector(`#own-data-${name}`);
  }
}
