"""A long-lived random cookie by which a browser is known again. It opens nothing by itself."""

import hashlib
import secrets
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

COOKIE: Final = "device"
_A_YEAR: Final = 365 * 24 * 3600


def device_of(request: HttpRequest) -> str:
    """This browser's mark; a fresh one where it has none."""
    mark = request.COOKIES.get(COOKIE, "")
    if not (20 <= len(mark) <= 64 and mark.isascii()):
        mark = request.META.setdefault("fresh_device", secrets.token_urlsafe(24))
    return mark


def digest(mark: str) -> str:
    """What stands in the database for a browser."""
    return hashlib.sha256(mark.encode()).hexdigest()


def remember(response: HttpResponseBase, mark: str) -> None:
    response.set_cookie(
        COOKIE,
        mark,
        max_age=_A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
