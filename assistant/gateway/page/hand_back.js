// The end of a login, in the window that the chat widget opened: the page that asked for it gets the token, and no other.

const { token, origin } = document.querySelector("main").dataset;
window.opener?.postMessage({ type: "kratt-login", token }, origin);
