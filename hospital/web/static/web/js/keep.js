// keep.js - keeps what was typed into a form marked data-keep until it has been sent: the session may
// end meanwhile. In this tab only (sessionStorage), for this person only, and never what opens doors:
// passwords, codes, identity numbers. Signing out clears it.
import { toast, words } from "./toast.js";

const PREFIX = "kept:";
const SENT = "sent";
const SECRET = /password|code|otp|token|secret|id_?number|identity|idempotency/i;
const store = window.sessionStorage;
const person = document.body.dataset.person ?? "";
const atSignIn = document.body.hasAttribute("data-sign-in");
const key = PREFIX + location.pathname;

function worthKeeping(field) {
  return field.name && !SECRET.test(field.name) && field.autocomplete !== "one-time-code"
    && !["password", "hidden", "file", "submit", "button"].includes(field.type);
}

function keep(form) {
  const fields = [...form.elements].filter(worthKeeping);
  const values = fields.map((field) => [field.name, field.value, field.checked ?? null]);
  store.setItem(key, JSON.stringify({ person, values }));
}

function restore(form) {
  const kept = read(key);
  if (kept === null) return;
  if (kept.person !== person) return store.removeItem(key);
  let changed = false;
  for (const [name, value, checked] of kept.values) {
    for (const field of [...form.elements].filter((each) => each.name === name && worthKeeping(each))) {
      if (["radio", "checkbox"].includes(field.type)) {
        if (field.value === value && checked && !field.checked) { field.checked = true; changed = true; }
      } else if (!field.value && value) { field.value = value; changed = true; }
    }
  }
  if (changed) toast(words.restored);
}

function read(name) {
  try { return JSON.parse(store.getItem(name)); } catch { return null; }
}

function drafts() {
  return Object.keys(store).filter((name) => name.startsWith(PREFIX));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) keep(form);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) store.clear();
  else if (event.target.matches("[data-keep]")) store.setItem(SENT, key);
});

// Sent, and not turned back to the sign-in page: it has arrived. Turned back: it is still wanted.
const sent = store.getItem(SENT);
store.removeItem(SENT);
const form = document.querySelector("form[data-keep]");
if (sent && !atSignIn && !(form && sent === key)) store.removeItem(sent);
if (form) restore(form);
else offer();

function offer() {
  const waiting = drafts();
  if (atSignIn && waiting.length) document.querySelector("[data-kept]")?.removeAttribute("hidden");
  const fresh = !atSignIn && person && store.getItem("offered") === null;
  const mine = waiting.find((name) => read(name)?.person === person);
  if (!fresh || !mine) return;
  store.setItem("offered", "");
  toast(words.kept, { action: words.continue, onAction: () => location.assign(mine.slice(PREFIX.length)) });
}
if (atSignIn) store.removeItem("offered");
