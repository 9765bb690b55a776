// forms.js - a form is sent once (data-once), and what was typed survives a session's end (data-keep).
import "./keep.js";
import { icon } from "./toast.js";

const sent = new WeakSet();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (sent.has(form)) return event.preventDefault();
  sent.add(form);
  busy(event.submitter, true);
});

function busy(button, on) {
  if (!button) return;
  button.setAttribute("aria-busy", String(on));
  if (on && !button.querySelector(".icon")) button.prepend(spinner());
  else if (!on) button.querySelector("[data-spinner]")?.remove();
}

function spinner() {
  const made = icon("loader-circle");
  made.setAttribute("data-spinner", "");
  return made;
}

// Back in a page from the browser's memory, or after htmx has answered, it may be sent again.
function again(form) {
  sent.delete(form);
  for (const button of form.querySelectorAll("[aria-busy=true]")) busy(button, false);
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach(again));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-once]");
  if (form) again(form);
});

// A choice in a form marked data-submit sends it (sort orders, filters).
document.addEventListener("change", (event) => {
  event.target.closest("form[data-submit]")?.requestSubmit();
});
