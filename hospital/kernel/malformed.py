"""Refuses addresses that no person types and PostgreSQL cannot store: those with a NUL in them.

Form and JSON fields refuse it themselves; an address is read in many places, so here it is once.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase


class Malformed:
    """Middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            raise BadRequest("A NUL in the address.")
        return self.get_response(request)
