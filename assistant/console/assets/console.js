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

// While examples are typed, those that say the same are shown.
const TYPING_MS = 300;
for (const box of document.querySelectorAll("textarea[data-similar]")) {
  const shown = box.closest("form").querySelector("[role=status]");
  let waiting;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const line = box.value.slice(0, box.selectionStart).split("\n").at(-1).trim();
      const response = await fetch(`${box.dataset.similar}?text=${encodeURIComponent(line)}`);
      const found = response.ok ? await response.json() : [];
      shown.textContent = found.map((each) => `${each.kind}: “${each.text}” (${each.intent})`).slice(0, 5).join("; ");
    }, TYPING_MS);
  });
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
