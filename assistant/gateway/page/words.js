// Puts words where the markup asks for them: data-word names the key of an element's text, data-label that of its
// accessible name, data-placeholder that of what stands in an empty field.

export function fill(root, words) {
  const each = (kind, set) => {
    for (const element of root.querySelectorAll(`[data-${kind}]`)) set(element, words[element.dataset[kind]]);
  };
  each("word", (element, word) => (element.textContent = word));
  each("label", (element, word) => element.setAttribute("aria-label", word));
  each("placeholder", (element, word) => (element.placeholder = word));
}

/** The name of a language in itself: "Eesti". */
export function nameOf(language) {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language);
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}
