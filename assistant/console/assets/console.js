// What pages do beyond links and forms; without it, everything still works.

// A page that waits for something asks again until it has happened.
const waiting = document.querySelector("[data-again-seconds]");
if (waiting) {
  setTimeout(() => location.reload(), Number(waiting.dataset.againSeconds) * 1000);
}

// What cannot be undone is asked about.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}

// Who clicks twice means once; a page that comes back by the Back button can be sent again.
const TWICE_MS = 3000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("sent" in form.dataset) return event.preventDefault();
  form.dataset.sent = "";
  setTimeout(() => delete form.dataset.sent, TWICE_MS);
});

// While a form is typed into, what says the same and the rules that it would break are shown beside the field; where all
// fields are judged together, beside each.
const TYPING_MS = 300;
for (const form of document.querySelectorAll("form[data-typed]")) {
  let waiting, asked;
  async function ask(field) {
    const body = new URLSearchParams(new FormData(form));
    body.set("typed", field.name);
    body.set("line", field.value.slice(0, field.selectionStart).split("\n").at(-1).trim() || field.value.trim());
    asked = new AbortController();
    try {
      const response = await fetch(form.dataset.typed, { method: "POST", body, signal: asked.signal });
      const found = response.ok ? await response.json() : [problemOf(await response.text())];
      const wrong = Array.isArray(found) ? { [partOf(field)]: found } : found;
      for (const each of form.querySelectorAll("[data-beside]")) {
        each.replaceChildren(...(wrong[each.dataset.beside] ?? []).map(paragraph));
      }
      if (wrong === found) showJudged(form, wrong);
    } catch (error) {
      if (error.name !== "AbortError") throw error; // something else was typed meanwhile
    }
  }
  form.addEventListener("input", ({ target }) => {
    if (!form.querySelector(`[data-beside="${partOf(target)}"]`)) return;
    clearTimeout(waiting);
    asked?.abort();
    waiting = setTimeout(ask, TYPING_MS, target);
  });
}

/** What a control is a part of: words in three languages and rows are one field each. */
function partOf(control) {
  return control.name.split(":")[0];
}

/** Marks the fields that are wrong, and opens the parts that they are in. */
function showJudged(form, wrong) {
  for (const each of form.querySelectorAll("[aria-describedby]")) {
    const isWrong = partOf(each) in wrong;
    each.toggleAttribute("aria-invalid", isWrong);
    if (!isWrong) continue;
    each.ariaInvalid = "true";
    const part = each.closest("details");
    if (part) part.open = true;
  }
  document.querySelector("[data-until-wrong]")?.toggleAttribute("hidden", Object.values(wrong).flat().length > 0);
}

function paragraph(text) {
  const shown = document.createElement("p");
  shown.textContent = text;
  return shown;
}

/** What a page says that came instead of an answer. */
function problemOf(page) {
  const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  return (main.querySelector("[role=alert]") ?? main.querySelector("h1")).textContent;
}

// Words that the mouse was drawn over are chosen; a click on one chooses it by itself.
for (const words of document.querySelectorAll("[data-mark-words]")) {
  const labels = [...words.querySelectorAll("label")];
  const numberAt = (event) => labels.indexOf(event.target.closest("label"));
  let begun = -1;
  words.addEventListener("mousedown", (event) => (begun = numberAt(event)));
  words.addEventListener("mouseup", (event) => {
    const [first, last] = [begun, numberAt(event)].sort((one, other) => one - other);
    if (first < 0 || first === last) return;
    labels.forEach((label, number) => (label.control.checked = first <= number && number <= last));
    getSelection().removeAllRanges();
  });
}

// A table of rows has an empty one for as long as somebody writes into it.
for (const table of document.querySelectorAll("[data-grows]")) {
  table.addEventListener("input", (event) => {
    const last = table.tBodies[0].lastElementChild;
    if (!last.contains(event.target)) return;
    const next = last.cloneNode(true);
    next.querySelectorAll("input").forEach((each) => (each.value = ""));
    next.querySelectorAll("[aria-label]").forEach((each) => (each.ariaLabel = each.ariaLabel.replace(/\d+$/, (row) => Number(row) + 1)));
    last.after(next);
  });
}

/** Shows the page that was answered in place of this one. */
export async function show(response) {
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  document.querySelector("main").replaceWith(document.adoptNode(answer.querySelector("main")));
}

// A file is sent as it is, and the page of the answer shows what became of its rows.
function sendFiles(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = form.elements.file.files;
    const query = new URLSearchParams({ file: file.name });
    for (const each of form.querySelectorAll("select")) query.set(each.name, each.value);
    const response = await fetch(`${form.dataset.upload}?${query}`, { method: "POST", body: file });
    await show(response);
    document.querySelectorAll("form[data-upload]").forEach(sendFiles);
  });
}
document.querySelectorAll("form[data-upload]").forEach(sendFiles);
