// Elements made by script: the widget has no markup of its own, and what comes from elsewhere is text.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`true`: without a value) and children, strings among them. */
export function make(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** A drawing for the eye alone. */
export function drawing(size, ...paths) {
  const drawn = paths.map((attributes) => furnish(document.createElementNS(SVG, "path"), attributes, []));
  const attributes = { viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" };
  return furnish(document.createElementNS(SVG, "svg"), attributes, drawn);
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value === true ? "" : value);
  element.append(...children);
  return element;
}
