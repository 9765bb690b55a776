// app.js - what all pages share. Behaviour is attached to data-* attributes by delegation, so content
// that htmx swaps in needs no set-up. No inline handlers, no eval: the page's policy forbids both.
import "./forms.js";
import { atSignIn, signIn } from "./session.js";
import { icon, toast, words } from "./toast.js";
export { icon, signIn, toast, words };

const $ = (selector, root = document) => root.querySelector(selector);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  const closer = event.target.closest("[data-close]");
  const pressed = event.target.closest("[role=group] > [aria-pressed]:not([disabled])");
  if (opener) open(opener.dataset.open);
  if (closer) close(closer);
  if (pressed) press(pressed);
  if (event.target.closest("[data-print]")) window.print();
});

function open(selector) {
  const target = $(selector);
  if (target?.showModal) target.showModal();
  else target?.removeAttribute("hidden");
}

function close(button) {
  const dialog = button.closest("dialog");
  if (dialog) dialog.close();
  else $(button.dataset.close)?.setAttribute("hidden", "");
}

function press(button) {
  for (const other of button.parentElement.querySelectorAll(":scope > [aria-pressed]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
}

// A refusal is a sentence to be read: a dialog, never a toast, and never in place of the form.
// what a page asks by itself does not keep its owner signed in
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.matches('[hx-trigger^="every"]')) event.detail.headers["X-Background"] = "1";
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (atSignIn(xhr.responseURL)) {
    event.detail.shouldSwap = false;
    return signIn();
  }
  const answer = xhr.responseText;
  if (!answer.includes("data-refusal=")) return undefined;
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  refused(new DOMParser().parseFromString(answer, "text/html").querySelector("[data-refusal]"));
  return undefined;
});

/** Show why something was refused: a sentence, or a node that the server wrote. */
export function refused(why) {
  const dialog = $("#refused");
  $("[data-refused-text]", dialog).replaceChildren(why);
  if (!dialog.open) dialog.showModal();
}

/** POST as the page's forms do; answers with the JSON body or throws the refusal's sentence. */
export async function post(url, body, { key = crypto.randomUUID(), signal } = {}) {
  const headers = { "Content-Type": "application/json", "Idempotency-Key": key, ...tokens() };
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body), headers, signal });
  const told = await answer.json().catch(() => ({}));
  if (told.code === "sign-in") signIn();
  if (!answer.ok) throw Object.assign(new Error(told.message ?? words.failed), told);
  return told;
}

function tokens() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");
}

document.addEventListener("htmx:responseError", () => toast(words.failed, { tone: "err" }));
document.addEventListener("htmx:sendError", () => toast(words.offline, { tone: "err" }));

// The bar under the header while the network is away.
function net(away) {
  const place = $("#net");
  if (!place) return;
  const bar = document.createElement("p");
  bar.className = "netbar";
  bar.append(icon("wifi-off"), words.reconnecting);
  place.replaceChildren(...(away ? [bar] : []));
}
addEventListener("offline", () => net(true));
addEventListener("online", () => net(false));

// The first field in error takes the focus, so that nobody has to look for it.
$("[aria-invalid=true]")?.focus();
