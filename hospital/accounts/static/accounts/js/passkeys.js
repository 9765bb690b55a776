// passkeys.js - a button that has the device sign a challenge (WebAuthn), and puts what it answers into
// the form around it. On the page of an activation link it takes the token from behind the "#", so
// that no server ever sees it in an address.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

async function asked(button) {
  const token = button.form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch(button.dataset.passkey, { method: "POST", headers, body: "{}" });
  const told = await answer.json();
  if (told.code === "step-up") return location.assign(`/me/verify/?next=${encodeURIComponent(location.pathname)}`);
  if (!answer.ok) throw new Error(told.code);
  return told.publicKey;
}

const listed = (rows) => (rows ?? []).map((row) => ({ ...row, id: bytes(row.id) }));

function make(options) {
  const { challenge, user, excludeCredentials, ...rest } = options;
  const publicKey = {
    ...rest,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: listed(excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
}

function sign(options) {
  const { challenge, allowCredentials, ...rest } = options;
  const publicKey = { ...rest, challenge: bytes(challenge), allowCredentials: listed(allowCredentials) };
  return navigator.credentials.get({ publicKey });
}

function written(credential) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = {};
  for (const name of names) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function press(button) {
  const failed = button.form.querySelector("[data-passkey-failed]");
  failed.hidden = button.disabled = true;
  try {
    const options = await asked(button);
    if (!options) return;
    const credential = await (options.user ? make(options) : sign(options));
    const field = button.form.elements.passkey ?? button.form.elements.credential;
    field.value = written(credential);
    button.form.submit();
  } catch {
    failed.hidden = false;
  } finally {
    button.disabled = false;
  }
}

if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", () => press(button));
  }
}

const token = document.querySelector("[data-from-hash]");
if (token && location.hash.length > 1) {
  token.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
