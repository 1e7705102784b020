// The one script of a page that carries Kratt: knows <kratt-chat>, and puts one on the page if there is none.

import { KrattChat } from "./kratt_chat.js";

const { src, dataset } = document.currentScript; // while it runs: later there is no current script

/** What the tag says as data-*, the element has as attributes. */
function addToPage() {
  if (document.querySelector("kratt-chat")) return;
  const chat = document.createElement("kratt-chat");
  for (const [name, value] of Object.entries(dataset)) chat.setAttribute(name, value);
  document.body.append(chat);
}

if (!customElements.get("kratt-chat")) {
  const origin = new URL(src).origin;
  customElements.define("kratt-chat", class extends KrattChat {
    origin = origin;
  });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", addToPage);
  else addToPage();
}
