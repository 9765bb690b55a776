"""The same POST twice has one effect and one answer.

A caller sends `Idempotency-Key` (a form sends it as a hidden field); the first request claims the
key before it does anything, later ones with the same key and body get the first one's answer.
The table is in accounts (`settings.IDEMPOTENCY_STORE`); this is the protocol.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hospital.kernel.answers import refusal_response, was_led_away
from hospital.kernel.canonical import digest
from hospital.kernel.refusals import Refused, WrongState

FIELD: Final = "idempotency_key"
_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_LONGEST: Final = 64


@dataclass(frozen=True)
class Answer:
    status: int
    content_type: str
    location: str
    body: str


class Store(Protocol):
    def claim(self, user: Any, key: str, door: str, body: str) -> Answer | None:
        """Take the key, or give the answer it already has. Raises `WrongState` while the first
        request still runs, `Refused` where the key was used for something else."""

    def settle(self, user: Any, key: str, answer: Answer) -> None: ...

    def release(self, user: Any, key: str) -> None: ...


@cache
def _store() -> Store:
    return import_string(settings.IDEMPOTENCY_STORE)()  # type: ignore[no-any-return]


class Once:
    """Middleware, inside the gate."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = getattr(request, "claimed_key", None)
        if key is None or not isinstance(response, HttpResponse):
            return response
        undone = (
            response.status_code >= 500 or response.status_code == 422 or was_led_away(response)
        )
        if undone or response.streaming:
            _store().release(request.user, key)
        else:
            _store().settle(request.user, key, _answer(response))
        return response

    def process_view(self, request: HttpRequest, *_args: Any) -> HttpResponse | None:
        if request.method in _SAFE or not request.user.is_authenticated:
            return None
        key = request.headers.get("Idempotency-Key") or request.POST.get(FIELD, "")
        if not key:
            return None
        try:
            if not (key.isascii() and len(key) <= _LONGEST):
                raise Refused(_("Idempotency-Key 最多 64 个 ASCII 字符。"), code="idempotency-key")
            door = f"{request.method} {request.path}"
            earlier = _store().claim(request.user, key, door, _digest(request))
        except Refused as refusal:
            return refusal_response(request, refusal)
        if earlier is not None:
            return _again(earlier)
        request.claimed_key = key  # type: ignore[attr-defined]
        return None


def _digest(request: HttpRequest) -> str:
    """Over what was asked; a form's CSRF token differs between two sendings and is left out."""
    if request.content_type == "application/json":
        return hashlib.sha256(request.body).hexdigest()
    asked = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    files = [(field, _bytes_of(file)) for field in request.FILES for file in _files(request, field)]
    return digest([asked, files])


def _files(request: HttpRequest, field: str) -> list[Any]:
    return request.FILES.getlist(field)


def _bytes_of(file: Any) -> str:
    total = hashlib.sha256()
    for chunk in file.chunks():
        total.update(chunk)
    file.seek(0)
    return total.hexdigest()


def _answer(response: HttpResponse) -> Answer:
    return Answer(
        response.status_code,
        response.headers.get("Content-Type", ""),
        response.headers.get("Location", ""),
        response.content.decode(),
    )


def _again(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
    if answer.location:
        response["Location"] = answer.location
    response["Idempotency-Replayed"] = "true"
    return response


def in_progress() -> WrongState:
    return WrongState(_("这个请求正在处理，请稍等。"), code="in-progress")


def used_otherwise() -> Refused:
    return Refused(_("这个 Idempotency-Key 已用于另一个请求。"), code="idempotency-key")
