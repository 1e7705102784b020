// What the agents' page asks of the gateway; every request brings the agent's token.

const ANSWER_MILLISECONDS = 15000;

/** The gateway said no; `status` tells why. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export class Api {
  #token;

  constructor(token) {
    this.#token = token;
  }

  queue = () => this.#call("GET", "queue");
  leave = () => this.#call("POST", "leave");
  claim = (id) => this.#call("POST", `${at(id)}/claim`);
  read = (id, after) => this.#call("GET", `${at(id)}?after=${after}`);
  answer = (id, text, key) => this.#call("POST", `${at(id)}/messages`, { text, key });
  release = (id) => this.#call("POST", `${at(id)}/release`);
  close = (id) => this.#call("POST", `${at(id)}/close`);

  async #call(method, path, body) {
    const response = await fetch(`/v1/desk/${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
      credentials: "omit", // a citizen's cookie in the same browser has no business here
      signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
    });
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Refusal(response.status, answer.message);
    return answer;
  }
}

const at = (id) => `cases/${encodeURIComponent(id)}`;

/** A key of a message, by which a repeated request says nothing twice. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
