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

// A file is sent as it is, and the page of the answer shows what became of its rows.
function sendFiles(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = form.elements.file.files;
    const response = await fetch(`${form.dataset.upload}?file=${encodeURIComponent(file.name)}`, { method: "POST", body: file });
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("main").replaceWith(document.adoptNode(answer.querySelector("main")));
    document.querySelectorAll("form[data-upload]").forEach(sendFiles);
  });
}
document.querySelectorAll("form[data-upload]").forEach(sendFiles);
