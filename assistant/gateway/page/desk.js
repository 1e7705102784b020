// A person at the desk: what they say is shown while a case is open, and how the case stands.

const POLL_MILLISECONDS = 2500;
const OPEN = ["waiting", "claimed"];
const NOTHING = { case_id: null, after: 0, notice: "", state: "none" };

export class Desk {
  #ask;
  #show;
  #keep;
  #seen;
  #timer = null;

  /** `ask` gets what came after a number; `show` gets (kind, text, language), kind being "person" or "standing".
   *
   * `seen` is what `keep` was given before a reload, if what was shown then is shown still.
   */
  constructor(ask, show, seen = null, keep = () => {}) {
    this.#ask = ask;
    this.#show = show;
    this.#seen = seen ?? NOTHING;
    this.#keep = keep;
  }

  /** Look now, and go on looking while there is somebody to wait for. */
  async look() {
    clearTimeout(this.#timer);
    const before = this.#seen;
    const came = await this.#ask(before.case_id ? before.after : 0).catch(() => null); // the next time, then
    if (came && this.#seen.case_id === before.case_id) this.#take(came); // nobody left meanwhile
    clearTimeout(this.#timer); // another look may have begun meanwhile
    if (OPEN.includes(this.#seen.state)) this.#timer = setTimeout(() => this.look(), POLL_MILLISECONDS);
  }

  /** Somebody else may come to this screen. */
  leave() {
    clearTimeout(this.#timer);
    this.#seen = NOTHING;
  }

  #take({ case_id, state, notice, messages, language }) {
    if (case_id !== this.#seen.case_id) {
      const isOver = this.#seen.case_id === null && state === "closed"; // what was said in it was shown then
      const isTold = isOver || state === "waiting"; // the reply that called a person told the place
      this.#note({ case_id, after: 0, notice: isTold ? notice : "", state });
      if (isOver) return;
    }
    if (state !== "closed") this.#tell(notice, language); // that somebody came, before what they say
    for (const { number, text } of messages) {
      if (number <= this.#seen.after) continue; // two looks at once
      this.#show("person", text, language);
      this.#note({ after: number });
    }
    this.#tell(notice, language);
    this.#note({ state });
  }

  #tell(notice, language) {
    if (notice && notice !== this.#seen.notice) this.#show("standing", notice, language);
    this.#note({ notice });
  }

  #note(changed) {
    this.#seen = { ...this.#seen, ...changed };
    this.#keep(this.#seen);
  }
}
