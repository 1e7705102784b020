// Text with its addresses and telephone numbers made links. Nothing else becomes one, and nothing is ever markup: what one
// reads is where it leads.

const LINK = /https:\/\/[^\s<>"'«»„“”]+|\+\d[\d ]{5,16}\d/g;
const NO_PART_OF_IT = /[.,;:!?)\]]+$/; // a sentence's end

/** Nodes for `text`, in order. */
export function linked(text) {
  const nodes = [];
  let done = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const address = found.replace(NO_PART_OF_IT, "");
    nodes.push(text.slice(done, index), link(address));
    done = index + address.length;
  }
  return [...nodes, text.slice(done)].filter((node) => node !== "");
}

function link(address) {
  const made = document.createElement("a");
  made.textContent = address;
  made.href = address.startsWith("+") ? `tel:${address.replaceAll(" ", "")}` : address;
  made.rel = "noopener noreferrer nofollow";
  if (!address.startsWith("+")) made.target = "_blank";
  return made;
}
