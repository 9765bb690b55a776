// chat.js - the live conversation. Messages travel over the socket both ways; where it does not work,
// the same messages go by HTTP. A message keeps the id it got here, so sending again is no second one.
import { icon, post, toast } from "../../web/js/app.js";
import { Line } from "./line.js";

const log = document.querySelector("#log");
const form = document.querySelector("#composer");
const scroller = log.parentElement;
const typing = document.querySelector("#typing");
const newer = document.querySelector("#newer");
const words = document.querySelector("#chat-words").dataset;
const { consultation, side, messages } = log.dataset;
const waiting = new Map(); // client id -> what to do once it has arrived
const DRAFT = `draft:${consultation}`;
const ACK = 6000; // milliseconds until the socket is not trusted with a message
let seen = Number(log.dataset.seq);
let read = Number(log.dataset.read);
let unseen = 0;

const line = new Line(consultation, { last: () => seen, take, poll });

function take(frame) {
  switch (frame.type) {
    case "hello": return frame.state === log.dataset.state ? undefined : location.reload();
    case "message": return show(frame);
    case "ack": return arrived(frame.client_id);
    case "refused": return frame.re ? failed(frame.re, frame) : undefined;
    case "read": return frame.by === side ? undefined : markRead(frame.upto);
    case "typing": return showTyping();
    case "state": return moved(frame);
    default: return undefined;
  }
}

function moved({ state, seq }) {
  if (state !== log.dataset.state) location.reload();
  else if (seq > seen) line.sync();
}

/** By HTTP, while there is no socket. */
async function poll() {
  const answer = await fetch(`${messages}?after_seq=${seen}`, { headers: { Accept: "application/json", "X-Background": "1" } });
  if (answer.status === 401 || answer.status === 404) return location.reload();
  if (!answer.ok) throw new Error(answer.status);
  const told = await answer.json();
  told.messages.forEach(show);
  markRead(told.read_upto);
  return told.state === log.dataset.state ? undefined : location.reload();
}

// --- showing ------------------------------------------------------------------------------------

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
const toEnd = () => { scroller.scrollTop = scroller.scrollHeight; };

function show(frame) {
  if (frame.seq <= seen) return;
  seen = frame.seq;
  const followed = atEnd();
  const box = document.createElement("template");
  box.innerHTML = frame.html;
  const mine = log.querySelector(`[data-client="${frame.client_id}"]`);
  if (mine) mine.replaceWith(box.content);
  else log.insertBefore(box.content, firstPending());
  waiting.delete(frame.client_id);
  typing.hidden = true;
  if (followed || frame.side === side) toEnd();
  else count(unseen + 1);
  watch();
}

/** What is still on its way stays below what has arrived. */
function firstPending() {
  return log.querySelector(".is-sending, .is-failed") ?? typing;
}

function count(number) {
  unseen = number;
  newer.hidden = number === 0;
  newer.replaceChildren(`${number} ${words.newer} `, icon("arrow-down"));
}
newer.addEventListener("click", () => { toEnd(); count(0); });
scroller.addEventListener("scroll", () => { if (unseen && atEnd()) count(0); }, { passive: true });

function markRead(upto) {
  for (const mine of log.querySelectorAll(".msg--me[data-seq] .msg__read:not([data-done])")) {
    if (Number(mine.closest("[data-seq]").dataset.seq) > upto) continue;
    mine.dataset.done = "";
    mine.replaceChildren(icon("check-check"), words.read);
  }
}

let quiet;
function showTyping() {
  const followed = atEnd();
  typing.hidden = false;
  if (followed) toEnd();
  clearTimeout(quiet);
  quiet = setTimeout(() => { typing.hidden = true; }, 5000);
}

// --- read: a message counts once it is really in view ---------------------------------------------

const eyes = new IntersectionObserver((entries) => {
  if (document.hidden) return;
  for (const entry of entries) if (entry.isIntersecting) reached(Number(entry.target.dataset.seq));
}, { root: scroller, threshold: 0.5 });

function watch() {
  const others = [...log.querySelectorAll("[data-seq]")].filter((each) => each.dataset.side !== side);
  for (const each of others) if (Number(each.dataset.seq) > read) eyes.observe(each);
}

let telling;
function reached(seq) {
  if (seq <= read) return;
  read = seq;
  clearTimeout(telling);
  telling = setTimeout(() => line.send({ type: "read", upto: read }), 300);
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  eyes.disconnect();
  watch();
});

// --- sending --------------------------------------------------------------------------------------

function bubble(node, id) {
  const box = document.createElement("div");
  const meta = document.createElement("p");
  box.dataset.client = id;
  meta.className = "msg__meta";
  box.append(node, meta);
  log.insertBefore(box, typing);
  toEnd();
  return box;
}

function mark(id, state, ...told) {
  const box = log.querySelector(`[data-client="${id}"]:not([data-seq])`);
  if (!box) return;
  box.className = `msg msg--me ${state}`;
  box.querySelector(".msg__meta").replaceChildren(...told);
}

function say(text) {
  const id = crypto.randomUUID();
  const said = document.createElement("p");
  said.className = "bubble";
  said.textContent = text;
  bubble(said, id);
  deliver(id, { text });
}

/** Over the socket; by HTTP where that is silent. The same id both times. */
async function deliver(id, what) {
  mark(id, "is-sending", icon("clock"), words.sending);
  waiting.set(id, what);
  if (line.send({ type: "send", client_id: id, ...what })) {
    setTimeout(() => { if (waiting.has(id)) byHttp(id, what); }, ACK);
  } else await byHttp(id, what);
}

async function byHttp(id, what) {
  try {
    await post(messages, { client_id: id, ...what }, { key: id, signal: AbortSignal.timeout(10000) });
    arrived(id);
    if (!line.isOpen) await poll();
  } catch (error) {
    failed(id, error);
  }
}

function arrived(id) {
  waiting.delete(id);
  mark(id, "", icon("check"), words.sent);
}

function failed(id, why = {}) {
  const what = waiting.get(id);
  if (!what) return;
  waiting.delete(id);
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = words.again;
  again.addEventListener("click", () => deliver(id, what));
  mark(id, "is-failed", icon("circle-alert"), why.code ? why.message : words.failed, again);
}

// --- pictures -------------------------------------------------------------------------------------

const MOST = 9;

function picture(file) {
  const id = crypto.randomUUID();
  const figure = document.createElement("figure");
  const image = document.createElement("img");
  const bar = document.createElement("progress");
  figure.className = "msg__img";
  image.src = URL.createObjectURL(file);
  image.alt = words.picture;
  Object.assign(bar, { max: 100, value: 0, ariaLabel: words.progress });
  figure.append(image, bar);
  bubble(figure, id);
  upload(id, file, bar);
}

function upload(id, file, bar) {
  mark(id, "is-sending", icon("clock"), words.sending);
  const body = new FormData();
  body.append("kind", "consultation");
  body.append("stream", consultation);
  body.append("file", file);
  const request = new XMLHttpRequest(); // fetch tells nothing of an upload's progress
  request.open("POST", "/api/v1/files");
  const tokens = JSON.parse(document.body.getAttribute("hx-headers"));
  for (const [name, value] of Object.entries(tokens)) request.setRequestHeader(name, value);
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => { bar.value = (event.loaded / event.total) * 100; });
  request.addEventListener("load", () => {
    if (request.status !== 201) return unplaced(id, file, bar, request.response?.message);
    bar.remove();
    return deliver(id, { file: request.response.public_id });
  });
  request.addEventListener("error", () => unplaced(id, file, bar));
  request.send(body);
}

function unplaced(id, file, bar, why) {
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = words.again;
  again.addEventListener("click", () => upload(id, file, bar));
  mark(id, "is-failed", icon("circle-alert"), why ?? words.unplaced, again);
}

// --- the composer ---------------------------------------------------------------------------------

function compose() {
  const field = form.elements.text;
  const file = form.querySelector("#file");
  field.value = sessionStorage.getItem(DRAFT) ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    say(text);
    field.value = "";
    sessionStorage.removeItem(DRAFT);
    field.focus();
  });
  field.addEventListener("input", () => {
    sessionStorage.setItem(DRAFT, field.value);
    tellTyping();
  });
  field.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!sends || !matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("click", (event) => {
    const quick = event.target.closest(".quick button");
    if (quick) { field.value = quick.textContent; quick.closest("details")?.removeAttribute("open"); field.focus(); }
    if (event.target.closest("#pick")) file.click();
  });
  file.addEventListener("change", () => {
    if (file.files.length > MOST) toast(words.many, { tone: "err" });
    [...file.files].slice(0, MOST).forEach(picture);
    file.value = "";
  });
}

let told = 0;
function tellTyping() {
  if (Date.now() - told < 3000) return;
  told = Date.now();
  line.send({ type: "typing" });
}

if (form) compose();
toEnd();
watch();
line.open();
