// The citizen logs in in a window of the gateway's own; it gives this page a token, which works once.

const FEATURES = "popup,width=520,height=760";

export class LoginWindow {
  #origin;
  #window = null;
  #onToken;

  /** `onToken` gets the token, and whether the browser is unfamiliar; nothing comes of a login that is cancelled. */
  constructor(origin, onToken) {
    this.#origin = origin;
    this.#onToken = onToken;
    window.addEventListener("message", (event) => this.#take(event));
  }

  /** To be called in a click or key press; false if the browser lets no window open. */
  open(language) {
    const query = new URLSearchParams({ language, embedder: location.origin });
    this.#window = window.open(`${this.#origin}/v1/login?${query}`, "kratt-login", FEATURES);
    return this.#window !== null;
  }

  /** Believes our own window alone, and only while it is waited for. */
  #take({ origin, source, data }) {
    if (origin !== this.#origin || source === null || source !== this.#window || data?.type !== "kratt-login") return;
    this.#window.close();
    this.#window = null;
    if (data.token) this.#onToken(data.token, { isUnfamiliar: data.isUnfamiliar === true });
  }
}
