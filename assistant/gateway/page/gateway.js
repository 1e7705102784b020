// What the page asks of the gateway over HTTP.

import { Calls } from "./calls.js";

export { Refusal } from "./calls.js";

const calls = new Calls(location.origin);

export const words = (language) => calls.get(`/v1/words${language ? `?language=${language}` : ""}`);
export const session = () => calls.get("/v1/session");
export const logOut = () => calls.post("/v1/logout");
export const showAppCode = (language) => calls.post(`/v1/smart-id/codes?language=${language}`);
export const showNextAppCode = () => calls.post("/v1/smart-id/codes/next");
export const forgetMe = () => calls.send("DELETE", "/v1/own-data");
export const ask = (turn) => calls.post("/v1/turns", turn);
export const takeHandOver = (token) => calls.post("/v1/handovers/take", { token });
export const takeWaiting = () => calls.post("/v1/waiting");
export const messages = (after) => calls.get(`/v1/messages?after=${after}`);
export const speakers = () => calls.get("/v1/devices");
export const linkSpeaker = (link) => calls.post("/v1/devices/link", link);
export const changeSpeaker = (id, changes) => calls.send("PATCH", `/v1/devices/${encodeURIComponent(id)}`, changes);
export const unlinkSpeaker = (id) => calls.send("DELETE", `/v1/devices/${encodeURIComponent(id)}`);
