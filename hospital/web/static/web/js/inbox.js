// inbox.js - the number beside 消息, live. The socket only tells; a lost one costs a late number.
import { signIn } from "./session.js";
import { words } from "./toast.js";

const LONGEST = 30; // seconds between two tries
const SIGN_IN = 4401;
const GIVE_UP = [4400, 4403, 4404]; // malformed, not allowed, no such address: asking again is no use
let wait = 1;
let socket;
let timer;

function connect() {
  clearTimeout(timer);
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/inbox/`);
  socket.addEventListener("message", (event) => {
    wait = 1;
    const frame = JSON.parse(event.data);
    if (frame.type === "badge") show(frame.unread);
  });
  socket.addEventListener("close", (event) => {
    if (event.code === SIGN_IN) return signIn();
    if (GIVE_UP.includes(event.code)) return undefined;
    timer = setTimeout(connect, (wait + Math.random()) * 1000);
    wait = Math.min(wait * 2, LONGEST);
    return undefined;
  });
}

function show(unread) {
  const text = unread > 99 ? "99+" : String(unread);
  for (const badge of document.querySelectorAll("[data-badge]")) {
    badge.hidden = unread === 0;
    badge.querySelector(".dot").textContent = text;
    badge.querySelector(".sr").textContent = ` ${text} ${words.unread}`;
  }
  document.title = document.title.replace(/^\(\d+\+?\) /, "");
  if (unread) document.title = `(${text}) ${document.title}`;
}

addEventListener("online", connect);
document.addEventListener("visibilitychange", () => document.hidden || connect());
connect();
