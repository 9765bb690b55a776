// toast.js - short messages and icons for scripts. Sentences come from the page, in its language.
const SVG = "http://www.w3.org/2000/svg";
const STAYS = 4000; // milliseconds

export const words = document.querySelector("#words")?.dataset ?? {};

export function icon(name) {
  const sprite = document.querySelector("meta[name=icons]").content;
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Say something in passing. With an action it stays; what must be read belongs on the page. */
export function toast(text, { tone = "ok", action, onAction } = {}) {
  const box = document.createElement("div");
  box.className = `toast toast--${tone}`;
  box.append(icon(tone === "ok" ? "circle-check" : "circle-alert"), text);
  if (action) box.append(button(action, () => { onAction?.(); box.remove(); }));
  document.querySelector("#toasts")?.append(box);
  if (action) box.append(button("×", () => box.remove(), words.shut));
  else setTimeout(() => box.remove(), STAYS);
}

function button(label, act, name) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  if (name) made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}
