// A button to hold while one talks: by pointer, Space or Enter. A short press leaves it on until the next one, or until
// `letGo` has an end, for those who cannot hold; so does the click of a screen reader. Escape takes it back.

const HELD_MILLISECONDS = 400;

export function makeHoldable(button, { isOn, start, letGo, stop, cancel }) {
  let pressedAt = null;

  const press = () => {
    if (isOn()) return stop();
    pressedAt = performance.now();
    start();
  };
  const release = () => {
    if (pressedAt === null) return;
    const isHeld = performance.now() - pressedAt >= HELD_MILLISECONDS;
    pressedAt = null;
    isHeld ? stop() : letGo();
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    press();
  });
  button.addEventListener("pointerup", release);
  button.addEventListener("pointercancel", release);
  button.addEventListener("blur", release);
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch

  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") cancel();
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault(); // or a click would follow
    if (!event.repeat) press();
  });
  button.addEventListener("keyup", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    release();
  });
  button.addEventListener("click", (event) => {
    if (event.detail !== 0 || pressedAt !== null) return; // a pointer or a key, seen above
    if (isOn()) return stop();
    start();
    letGo();
  });
}
