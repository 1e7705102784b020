// Speaking: what is said between two presses of a button goes as a WAV file to the address that the button names.

import { show } from "./console.js";
import { Microphone } from "/page/microphone.js";

const RATE_HERTZ = 16000;
const FRAMES_PER_SECOND = 10; // as recorder_worklet.js sends them
const HEADER_BYTES = 44;

/** The frames as a WAV file (mono, 16 bit). */
function wavOf(frames) {
  const bytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const header = new DataView(new ArrayBuffer(HEADER_BYTES));
  const words = (at, text) => [...text].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  words(0, "RIFF");
  header.setUint32(4, HEADER_BYTES - 8 + bytes, true);
  words(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, RATE_HERTZ, true);
  header.setUint32(28, RATE_HERTZ * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  words(36, "data");
  header.setUint32(40, bytes, true);
  return new Blob([header, ...frames], { type: "audio/wav" });
}

function letSpeak(button) {
  const status = button.closest("main").querySelector("form ~ [role=status]");
  const frames = [];
  let microphone = null;

  function take(frame) {
    frames.push(frame);
    button.textContent = `${button.dataset.stop} (${Math.floor(frames.length / FRAMES_PER_SECOND)} s)`;
  }

  async function begin() {
    try {
      microphone = await Microphone.open(RATE_HERTZ, take, location.origin);
      status.textContent = "The microphone is on.";
    } catch {
      status.textContent = "There is no microphone to be had.";
    }
  }

  async function send() {
    const open = microphone;
    microphone = null;
    button.disabled = true;
    await open.finish();
    const form = new FormData(button.form);
    const query = new URLSearchParams((button.dataset.hearWith ?? "").split(" ").map((name) => [name, form.get(name) ?? ""]));
    const address = button.dataset.hearWith ? `${button.dataset.hear}?${query}` : button.dataset.hear;
    await show(await fetch(address, { method: "POST", body: wavOf(frames) }));
    start();
  }

  button.hidden = false;
  button.addEventListener("click", () => (microphone ? send() : begin()));
}

function start() {
  document.querySelectorAll("button[data-hear]").forEach(letSpeak);
}
start();
