// What Kratt keeps about the citizen: taken along as a file, or forgotten; and the app by which they confirm.

import * as gateway from "./gateway.js";
import { SmartId } from "./smart_id.js";

/** The dialog; `words` is a function, for the language may change, and `onForgotten` is called once all is gone. */
export class OwnData {
  #dialog;
  #words;
  #smartId;

  constructor(dialog, words, onForgotten) {
    this.#dialog = dialog;
    this.#words = words;
    this.#smartId = new SmartId(dialog, words);
    dialog.addEventListener("close", () => this.#smartId.stop());
    this.#at("close").addEventListener("click", () => dialog.close());
    this.#at("forget").addEventListener("click", () => this.#forget(onForgotten));
  }

  /** `isLinked`: the Smart-ID app on this telephone has just been linked. */
  open({ isLinked = false } = {}) {
    this.#at("problem").textContent = "";
    this.#smartId.say(isLinked ? this.#words().smart_id_linked : "");
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
