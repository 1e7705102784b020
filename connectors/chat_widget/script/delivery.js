// A turn is sent until it is answered. Its key tells the gateway which turn it is, so that none is taken twice.

import { Refusal } from "../../../assistant/gateway/page/calls.js";

const WAIT_MILLISECONDS = [1000, 2000, 4000, 8000, 15000];
const GIVE_UP_MILLISECONDS = 300000; // the gateway knows a key for longer
const KEY_BYTES = 16;

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The gateway's answer to `turn`; `onWait` is called before each further try. Throws what cannot be mended by one. */
export async function deliver(turn, ask, onWait) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask(turn);
    } catch (error) {
      if ((error instanceof Refusal && !error.isPassing) || Date.now() - turn.since > GIVE_UP_MILLISECONDS) throw error;
      onWait();
      await connection(WAIT_MILLISECONDS[Math.min(tries, WAIT_MILLISECONDS.length - 1)]);
    }
  }
}

/** A while, or less if the browser says that it is online again. */
function connection(milliseconds) {
  return new Promise((resolve) => {
    window.addEventListener("online", resolve, { once: true });
    setTimeout(resolve, milliseconds);
  });
}
