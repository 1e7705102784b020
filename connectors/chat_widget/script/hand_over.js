// From here to another screen: a QR code and a code to type, for as long as they work.

import { drawing } from "./elements.js";

export class HandOver {
  #at;
  #timer = 0;

  /** `at` gives the panel's elements by their ids. */
  constructor(at) {
    this.#at = at;
  }

  /** `onOver` is called when the code has ceased to work. */
  show({ token, url, qr: { size, path }, seconds }, onOver) {
    const ground = { d: `M0 0h${size}v${size}h-${size}z`, fill: "#fff" }; // cameras want dark on light, whatever the theme
    this.#at("hand-over-drawn").replaceChildren(drawing(size, ground, { d: path, fill: "#000" }));
    this.#at("hand-over-address").textContent = new URL(url).host;
    this.#at("hand-over-code").textContent = `${token.slice(0, 4)} ${token.slice(4)}`;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onOver, seconds * 1000);
  }

  /** Nobody reads it over a shoulder later. */
  clear() {
    clearTimeout(this.#timer);
    for (const id of ["hand-over-drawn", "hand-over-address", "hand-over-code"]) this.#at(id).replaceChildren();
  }
}
