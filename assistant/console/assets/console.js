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
