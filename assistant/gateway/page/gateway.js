// What the page asks of the gateway over HTTP.

const ANSWER_MILLISECONDS = 20000; // a turn ends well before

/** The gateway said no, in words for the citizen. */
export class Refusal extends Error {}

export const words = (language) => get(`/v1/words${language ? `?language=${language}` : ""}`);
export const session = () => get("/v1/session");
export const logOut = () => post("/v1/logout");
export const forgetMe = () => send("DELETE", "/v1/own-data");
export const ask = (turn) => post("/v1/turns", turn);
export const takeHandOver = (token) => post("/v1/handovers/take", { token });
export const takeWaiting = () => post("/v1/waiting");
export const speakers = () => get("/v1/devices");
export const linkSpeaker = (link) => post("/v1/devices/link", link);
export const changeSpeaker = (id, changes) => send("PATCH", `/v1/devices/${encodeURIComponent(id)}`, changes);
export const unlinkSpeaker = (id) => send("DELETE", `/v1/devices/${encodeURIComponent(id)}`);

const get = (path) => call(path, {});
const post = (path, body) => send("POST", path, body);
const send = (method, path, body) =>
  call(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body ? JSON.stringify(body) : undefined,
  });

async function call(path, options) {
  const response = await fetch(path, { ...options, signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
  const body = response.status === 204 ? null : await response.json();
  if (!response.ok) throw new Refusal(body.message);
  return body;
}
