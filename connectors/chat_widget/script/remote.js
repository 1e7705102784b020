// What the widget asks of the gateway: without cookies, the conversation is named by a header.

import { Calls } from "../../../assistant/gateway/page/calls.js";

export class Remote {
  #calls;
  #origin;

  /** `conversation` gives the id of the conversation that goes on, or nothing. */
  constructor(origin, conversation) {
    this.#origin = origin;
    this.#calls = new Calls(origin, () => (conversation() ? { "Kratt-Conversation": conversation() } : {}));
  }

  get origin() {
    return this.#origin;
  }

  abilities = (language) => this.#calls.get(`/v1/words?language=${language}`);
  notices = (language) => this.#calls.get(`/v1/notices?language=${language}`);
  giveFeedback = (opinion) => this.#calls.post("/v1/feedback", opinion);
  session = () => this.#calls.get("/v1/session");
  logOut = () => this.#calls.post("/v1/logout");
  messages = (after) => this.#calls.get(`/v1/messages?after=${after}`);
  handOver = () => this.#calls.post("/v1/handovers");
  claimLogin = (token) => this.#calls.post("/v1/login/claim", { token });
  ask = ({ text, language, speak, key }) =>
    this.#calls.post("/v1/turns", { text, language, speak }, { "Idempotency-Key": key });
}
