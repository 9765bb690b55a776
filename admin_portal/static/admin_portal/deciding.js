// deciding.js - the inbox by keyboard: J leads on, 1 2 … go to a decision. A digit brings one to the
// form (its first field, or its button) and never sends it; keys are ignored while somebody types.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input,textarea,select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("a")) return wanted.click();
  (wanted.form.querySelector("textarea,select,input:not([type=hidden])") ?? wanted).focus();
});
