"""Headers of every answer that is not a static file (those are answered before)."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class Headers:
    """Middleware. Pages hold personal health data, so nobody on the way may store them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
