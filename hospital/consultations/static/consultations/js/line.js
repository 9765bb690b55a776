// line.js - the connection of one conversation: opens again by itself, and asks by HTTP meanwhile.
import { icon, words } from "../../web/js/app.js";

const LONGEST = 30; // seconds between two tries
const SIGN_IN = 4401;
const GIVE_UP = [4400, 4403, 4404]; // malformed, not allowed, gone: asking again is no use
const TOO_OFTEN = 4429;
const ASK = 10000; // milliseconds; a lost hint, or a socket that does not work, costs at most this

export class Line {
  #socket;
  #timer;
  #wait = 1;
  #failures = 0;
  #last;
  #take;
  #poll;

  constructor(consultation, { last, take, poll }) {
    this.address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/consultations/${consultation}/`;
    this.#last = last;
    this.#take = take;
    this.#poll = poll;
    setInterval(() => (this.isOpen ? this.sync() : this.#ask()), ASK);
    addEventListener("online", () => this.open());
    document.addEventListener("visibilitychange", () => document.hidden || this.open());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  open() {
    clearTimeout(this.#timer);
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    this.#socket = new WebSocket(this.address);
    this.#socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    this.#socket.addEventListener("close", (event) => this.#closed(event.code));
  }

  /** True where it was handed over; whether it arrived is told by an `ack`. */
  send(frame) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  sync() {
    this.send({ type: "sync", after_seq: this.#last() });
  }

  #hear(frame) {
    if (frame.type === "hello") {
      this.#wait = 1;
      this.#failures = 0;
      bar(false);
      this.sync();
    }
    this.#take(frame);
  }

  #closed(code) {
    if (code === SIGN_IN) return signIn();
    if (GIVE_UP.includes(code)) return this.#ask();
    this.#failures += 1;
    if (this.#failures > 1) bar(true);
    if (this.#failures >= 3) this.#ask();
    const seconds = code === TOO_OFTEN ? 3 : this.#wait + Math.random();
    this.#timer = setTimeout(() => this.open(), seconds * 1000);
    this.#wait = Math.min(this.#wait * 2, LONGEST);
    return undefined;
  }

  async #ask() {
    try {
      await this.#poll();
      bar(false);
    } catch {
      bar(true);
    }
  }
}

function signIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`/sign-in/?ended=1&next=${next}`);
}

function bar(away) {
  const place = document.querySelector("#net");
  if (!away) return place.replaceChildren();
  const told = document.createElement("p");
  told.className = "netbar";
  told.append(icon("wifi-off"), words.reconnecting);
  return place.replaceChildren(told);
}
