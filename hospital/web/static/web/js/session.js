// session.js - what to do when the session has ended: to the sign-in page, and back here afterwards.
const door = document.querySelector("meta[name=sign-in]").content;

/** Whether an answer came from the sign-in page, because the session has ended meanwhile. */
export function atSignIn(address) {
  const here = document.body.hasAttribute("data-sign-in");
  return !here && Boolean(address) && new URL(address).pathname.startsWith(door);
}

export function signIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`${door}?ended=1&next=${next}`);
}
