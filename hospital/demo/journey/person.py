"""Somebody with a browser: cookies, CSRF token, the JSON doors, a socket."""

import json
import time
import uuid
from typing import Any

import httpx
import pyotp
from websockets.sync.client import ClientConnection, connect

from hospital.demo.journey.outside import Outside

PATIENCE = 90  # seconds; an abandoned first try is given up after sixty


class Mismatch(Exception):
    """The platform did not do what the journey expects. Ends the journey."""


class Person:
    """One browser session on the platform at `base`."""

    def __init__(self, base: str, name: str, *, perseveres: bool = False) -> None:
        self.base, self.name, self.perseveres = base, name, perseveres
        self.http = httpx.Client(base_url=base, timeout=30, trust_env=False)
        self.secret, self._last = "", ""  # of the authenticator, and the code it gave last
        self._went_unanswered = False  # the last request, at its first try
        self.get("/api/v1/session")  # brings the CSRF cookie

    # signing in ---------------------------------------------------------------------------

    def sign_in_by_phone(self, phone: str, outside: Outside) -> None:
        asked = self.post("/api/v1/sign-in/code", {"phone": phone})
        code = outside.code_texted_to(phone)
        self.post("/api/v1/sign-in", {"code_id": asked["code_id"], "code": code})

    def sign_in_as_staff(self, username: str, password: str, secret: str) -> None:
        self.secret = secret
        body = {"username": username, "password": password, "otp": self.fresh_code()}
        self.post("/api/v1/sign-in/staff", body)

    def fresh_code(self) -> str:
        """A dynamic code that was not used here yet; waits for one if it must."""
        while (code := pyotp.TOTP(self.secret).now()) == self._last:
            time.sleep(0.5)
        self._last = code
        return code

    def prove_oneself(self) -> None:
        self.post("/api/v1/verify", {"otp": self.fresh_code()})

    # the doors ----------------------------------------------------------------------------

    def get(self, path: str, **query: Any) -> Any:
        return _read(self.name, self._send("GET", path, params=query), 200)

    def post(self, path: str, body: Any = None) -> Any:
        """Take a step. Where the platform died between the step and its answer, and says on being
        asked again that the step is behind it, the thing itself is read."""
        answer = self._act(path, body)
        if self._went_unanswered and _is_code(answer, "wrong-state"):
            return self.get(path.rsplit("/", 1)[0])
        return _read(self.name, answer)

    def put(self, path: str, body: Any) -> Any:
        return _read(self.name, self._send("PUT", path, json=body), 200)

    def upload(self, path: str, picture: bytes, **fields: str) -> Any:
        files = {"file": ("照片.jpg", picture, "image/jpeg")}
        return _read(self.name, self._send("POST", path, data=fields, files=files), 201)

    def refused(self, path: str, body: Any = None) -> dict[str, Any]:
        """POST what must be refused; the refusal."""
        answer = self._act(path, body)
        if answer.status_code < 400 or answer.status_code >= 500:
            raise Mismatch(f"{self.name}: POST {path} should be refused, got {answer.status_code}")
        return dict(answer.json())

    def _act(self, path: str, body: Any) -> httpx.Response:
        """Proves itself again where the last proof has grown too old for this step."""
        answer = self._send("POST", path, json=body or {})
        if self.secret and _asks_for_proof(answer):
            self.prove_oneself()
            answer = self._send("POST", path, json=body or {})
        return answer

    def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        """Once; or, for whoever perseveres, again under the same key until there is an answer."""
        token = self.http.cookies.get("csrf") or self.http.cookies.get("__Host-csrf") or ""
        key = uuid.uuid4().hex
        headers = {"X-CSRFToken": token, "Referer": self.base, "Idempotency-Key": key}
        end = time.monotonic() + PATIENCE
        self._went_unanswered = False
        while True:
            try:
                answer = self.http.request(method, path, headers=headers, **what)
            except httpx.TransportError:
                if not self.perseveres or time.monotonic() > end:
                    raise
            else:
                if not (self.perseveres and _try_again(answer)) or time.monotonic() > end:
                    return answer
            self._went_unanswered = True
            time.sleep(0.5)

    def socket(self, path: str) -> ClientConnection:
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.http.cookies.jar)
        address = self.base.replace("http", "ws", 1) + path
        headers = {"Cookie": cookies, "Origin": self.base}
        return connect(address, additional_headers=headers, open_timeout=10, proxy=None)


def _try_again(answer: httpx.Response) -> bool:
    """The platform is away for the moment, or still busy with the first try."""
    return answer.status_code in {502, 503} or _is_code(answer, "in-progress")


def _is_code(answer: httpx.Response, code: str) -> bool:
    """Whether it is the conflict of this name."""
    return answer.status_code == 409 and answer.json().get("code") == code


def _asks_for_proof(answer: httpx.Response) -> bool:
    codes = {"step-up", "identity-stale"}  # the step's own window, and that of R-13
    return answer.status_code == 403 and answer.json().get("code") in codes


def _read(name: str, answer: httpx.Response, expect: int | None = None) -> Any:
    right = answer.status_code == expect if expect else answer.is_success
    if not right:
        said = answer.text[:400].replace("\n", " ")
        where = f"{answer.request.method} {answer.request.url.path}"
        raise Mismatch(f"{name}: {where} answered {answer.status_code}: {said}")
    return answer.json() if answer.content else None


def receive(socket: ClientConnection, kind: str, *, seconds: float = 10) -> dict[str, Any]:
    """The next frame of this type; others (badges, typing, states) are passed over."""
    while True:
        frame = json.loads(socket.recv(timeout=seconds))
        if frame.get("type") == "refused":
            raise Mismatch(f"the socket refused: {frame}")
        if frame.get("type") == kind:
            return dict(frame)
