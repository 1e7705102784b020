// Links the Smart-ID app on another device: shows it a QR code, another every second, until it has confirmed.

import * as gateway from "./gateway.js";

const AGAIN_MILLISECONDS = 1000;

/** What is in `dialog` for it; `words` is a function, for the language may change. */
export class SmartId {
  #dialog;
  #words;
  #shown = null; // which code is shown; whoever shows another one stops the one before

  constructor(dialog, words) {
    this.#dialog = dialog;
    this.#words = words;
    this.#at("show").addEventListener("click", () => this.#link());
  }

  say(text) {
    this.#at("state").textContent = text;
  }

  stop() {
    this.#shown = null;
    this.#at("code").hidden = true;
  }

  async #link() {
    const shown = (this.#shown = {});
    this.say("");
    try {
      let link = await gateway.showAppCode(document.documentElement.lang);
      while (this.#shown === shown && link.state === "waiting") {
        this.#draw(link);
        link = await this.#next(link);
      }
      if (this.#shown !== shown) return;
      this.#end(link.state === "linked" ? this.#words().smart_id_linked : this.#words().smart_id_not_linked);
    } catch (error) {
      if (this.#shown !== shown) return;
      this.#end(error instanceof gateway.Refusal ? error.message : this.#words().error_offline);
    }
  }

  /** What follows `link`: itself, if Smart-ID is down for a moment. */
  async #next(link) {
    try {
      return await gateway.showNextAppCode();
    } catch (error) {
      if (!(error instanceof gateway.Refusal && error.isPassing)) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MILLISECONDS));
      return link;
    }
  }

  #end(text) {
    this.stop();
    this.say(text);
    this.#at("show").focus();
  }

  #draw({ qr: { size, path }, given_name }) {
    const drawn = this.#at("drawn");
    drawn.setAttribute("viewBox", `0 0 ${size} ${size}`);
    drawn.querySelector("rect").setAttribute("width", size);
    drawn.querySelector("rect").setAttribute("height", size);
    drawn.querySelector("path").setAttribute("d", path);
    this.#at("whose").textContent = this.#words().smart_id_whose.replaceAll("{name}", () => given_name);
    this.#at("code").hidden = false;
  }

  #at(name) {
    return this.#dialog.querySelector(`#smart-id-${name}`);
  }
}
