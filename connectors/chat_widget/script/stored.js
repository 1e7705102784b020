// What outlives a reload of the page: kept by the tab itself, until it is closed or the citizen ends the conversation.

const KEY = "kratt";
const MOST_ENTRIES = 200;

const nothing = () => ({
  language: "",
  isOpen: false,
  conversation: "", // its id: a secret, which speaks for the citizen
  person: null, // the given name of who is logged in
  entries: [], // what the log shows
  sending: null, // the turn that has no reply yet
  waiting: null, // the question that waits for the login
  desk: null, // what was shown last of a person at the desk
});

export class Stored {
  #values = nothing();

  constructor() {
    try {
      Object.assign(this.#values, JSON.parse(sessionStorage.getItem(KEY)));
    } catch {
      // a page that may not store anything: then nothing outlives it
    }
  }

  get values() {
    return this.#values;
  }

  set(changes) {
    Object.assign(this.#values, changes);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.#values));
    } catch {
      // the same
    }
  }

  /** One more thing in the log; the first ones make room. */
  add(entry) {
    this.set({ entries: [...this.#values.entries, entry].slice(-MOST_ENTRIES) });
  }

  /** Nothing of the conversation is left. */
  clear() {
    const { language, isOpen } = this.#values;
    this.set({ ...nothing(), language, isOpen });
  }
}
