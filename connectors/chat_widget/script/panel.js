// What the widget looks like, without its words: data-word and its neighbours say which go where.

import { drawing, make } from "./elements.js";

const stroked = (d) => ({ d, fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" });
const ICONS = {
  shield: () => [32, { d: "M16 2 4 6v9c0 7.6 5 13 12 15 7-2 12-7.4 12-15V6z", fill: "currentColor" }, { d: "M10 13v4M13 10.5v9M16 12v6M19 9.5v11M22 13v4", class: "voice" }],
  microphone: () => [24, { d: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z", fill: "currentColor" }, stroked("M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3")],
  send: () => [24, stroked("M12 19V5M6 11l6-6 6 6")],
  menu: () => [24, stroked("M5 7h14M5 12h14M5 17h14")],
  down: () => [24, stroked("m6 9 6 6 6-6")],
};
const icon = (name) => drawing(...ICONS[name]());
const button = (id, attributes, ...children) => make("button", { id, type: "button", ...attributes }, ...children);
const item = (child) => make("li", {}, child);
const hidden = true;

/** The button that opens the widget, and the widget. */
export function launcher() {
  return button("launcher", { "aria-expanded": "false" }, icon("shield"), make("span", { "data-word": "ask_kratt" }));
}

export function panel() {
  return make("section", { id: "panel", role: "dialog", "data-label": "title", "data-state": "idle", hidden },
    header(), bar(), menu(), conversation(), composer(), handOver(), feedback());
}

function header() {
  return make("header", {},
    icon("shield"),
    make("h2", { "data-word": "title" }),
    button("menu-open", { class: "round", "data-label": "menu", "aria-expanded": "false", "aria-controls": "menu" }, icon("menu")),
    button("close", { class: "round", "data-label": "close" }, icon("down")));
}

function bar() {
  return make("div", { id: "bar" },
    make("div", { id: "languages", role: "group", "data-label": "language" }),
    make("div", { id: "account" },
      make("span", { id: "person", hidden }),
      button("log-in", { "data-word": "log_in" }),
      button("log-out", { "data-word": "log_out", hidden })));
}

function menu() {
  return make("div", { id: "menu", hidden },
    make("label", { class: "choice" }, make("input", { id: "read-aloud", type: "checkbox" }), make("span", { "data-word": "read_aloud" })),
    make("label", { id: "hands-free-choice", class: "choice", hidden }, make("input", { id: "hands-free", type: "checkbox" }), make("span", { "data-word": "hands_free" })),
    button("save", { "data-word": "save_conversation" }),
    button("hand-over-open", { "data-word": "hand_over", hidden }),
    button("end", { "data-word": "end_conversation" }));
}

function handOver() {
  return make("section", { id: "hand-over", tabindex: "-1", "data-label": "hand_over", hidden },
    make("h3", { "data-word": "hand_over" }),
    make("p", { "data-word": "hand_over_scan" }),
    make("div", { id: "hand-over-drawn", role: "img", "data-label": "qr_code" }),
    make("p", { "data-word": "hand_over_type" }),
    make("p", { id: "hand-over-address" }),
    make("p", { id: "hand-over-code" }),
    make("p", { "data-word": "hand_over_once" }),
    button("hand-over-close", { class: "filled", "data-word": "hand_over_back" }));
}

function feedback() {
  const grade = (number) => make("label", { class: "grade" },
    make("input", { type: "radio", name: "grade", value: number, required: true }), make("span", {}, String(number)));
  return make("form", { id: "feedback", hidden },
    make("fieldset", {},
      make("legend", { "data-word": "feedback_title" }),
      make("div", { class: "grades" }, ...[1, 2, 3, 4, 5].map(grade)),
      make("p", { class: "ends" }, make("span", { "data-word": "feedback_worst" }), make("span", { "data-word": "feedback_best" }))),
    make("label", { for: "feedback-words", "data-word": "feedback_words" }),
    make("textarea", { id: "feedback-words", name: "words", rows: "3", maxlength: "500" }),
    make("div", { class: "choices" },
      make("button", { class: "filled", type: "submit", "data-word": "send" }),
      button("feedback-skip", { class: "quiet", "data-word": "feedback_skip" })));
}

function conversation() {
  const example = (number) => item(button(`example-${number}`, { class: "example", "data-word": `example_${number}` }));
  return make("div", { id: "scroll", tabindex: "0", role: "region", "data-label": "conversation" },
    make("div", { id: "notices" }),
    make("div", { id: "welcome" },
      make("p", { class: "intro", "data-word": "intro" }),
      make("h3", { "data-word": "examples_title" }),
      make("ul", {}, example(1), example(2), example(3))),
    make("div", { id: "log", role: "log", "aria-live": "polite", "data-label": "conversation" }),
    make("div", { id: "typing", "aria-hidden": "true" }, make("i"), make("i"), make("i")));
}

function composer() {
  return make("form", { id: "composer" },
    make("div", { id: "now" },
      make("p", { id: "status", role: "status" }),
      make("p", { id: "partial", "aria-hidden": "true" }),
      button("hush", { "data-word": "stop_speaking", hidden })),
    make("label", { for: "question", class: "unseen", "data-word": "input_label" }),
    make("div", { class: "ask" },
      make("textarea", { id: "question", rows: "1", autocomplete: "off", "data-placeholder": "input_placeholder" }),
      button("talk", { class: "round", "data-label": "talk", "aria-pressed": "false", "aria-describedby": "talk-hint" }, icon("microphone")),
      make("button", { id: "send", class: "round", type: "submit", "data-label": "send" }, icon("send"))),
    make("span", { id: "talk-hint", class: "unseen", "data-word": "talk_hint" }),
    make("p", { id: "cannot-hear", "data-word": "cannot_hear", hidden }));
}
