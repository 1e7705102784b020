// Requests to the gateway, for its own page and for the chat widget on a page of another origin.

const ANSWER_MILLISECONDS = 20000; // a turn ends well before

const PASSING_STATUS = 503; // busy, or a store that does not answer now: nothing was done

/** The gateway said no, in words for the citizen; `code` says it to a program. One that is passing may be tried again. */
export class Refusal extends Error {
  constructor({ code, message }, status) {
    super(message);
    this.code = code;
    this.isPassing = status === PASSING_STATUS;
  }
}

export class Calls {
  #origin;
  #headers;

  /** `headers` gives what goes with every request. */
  constructor(origin, headers = () => ({})) {
    this.#origin = origin;
    this.#headers = headers;
  }

  get(path) {
    return this.#call(path, { headers: this.#headers() });
  }

  post(path, body, more = {}) {
    return this.send("POST", path, body, more);
  }

  /** `more` are headers that go with this request alone. */
  send(method, path, body, more = {}) {
    const headers = { "Content-Type": "application/json", ...this.#headers(), ...more };
    return this.#call(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
  }

  /** Another origin's page has no cookie of ours: fetch sends them to its own origin alone. */
  async #call(path, options) {
    const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
    const response = await fetch(this.#origin + path, { ...options, credentials: "same-origin", signal });
    const body = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Refusal(body, response.status);
    return body;
  }
}
