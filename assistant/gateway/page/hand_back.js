// The end of a login, in the window that the chat widget opened: the page that asked for it gets the token, and no other.

const main = document.querySelector("main");
const { token, origin, lost, unfamiliar } = main.dataset;

if (window.opener) window.opener.postMessage({ type: "kratt-login", token, isUnfamiliar: unfamiliar === "yes" }, origin);
else main.querySelector("p").textContent = lost; // nobody opened it, or a page on the way has cut it off
