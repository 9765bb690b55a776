// review.js - review by keyboard: J/K move, A approve, R return, X reject, ? help. Keys are ignored
// while typing and in dialogs, so that no letter of a note approves anything.
const $ = (selector) => document.querySelector(selector);
const form = $("#review");

function press(step) {
  const button = form?.querySelector(`button[name=step][value=${step}]`);
  if (!button) return;
  if (step !== "approve" && !$("#note").value.trim()) return $("#note").focus();
  button.click();
}

function move(by) {
  const all = [...document.querySelectorAll(".q a")];
  const here = all.findIndex((link) => link.matches("[aria-current=true]"));
  all[here + by]?.click();
}

const keys = {
  a: () => press("approve"),
  r: () => press("return"),
  x: () => press("reject"),
  j: () => move(1),
  k: () => move(-1),
  "?": () => $("#keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input,textarea,select,dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// What rests on the doctor's reason is approved only after one more look.
form?.addEventListener("submit", (event) => {
  const asks = event.submitter?.value === "approve" && Number(form.dataset.grave) > 0;
  if (!asks || event.submitter.closest("dialog")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  $("#confirm").showModal();
}, { capture: true });

document.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-reason]");
  if (!picked) return;
  const note = $("#note");
  note.value = [note.value.trim(), picked.dataset.reason].filter(Boolean).join("；");
  note.focus();
});

// Where nothing waits, look again: the address leads on as soon as something does.
async function look() {
  const answer = await fetch(location.pathname, { redirect: "manual", headers: { "X-Background": "1" } });
  if (answer.type === "opaqueredirect") location.reload();
}
if ($(".ph-grid--idle")) setInterval(() => look().catch(() => undefined), 10000);
