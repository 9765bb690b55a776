"""Who calls a JSON door: the session cookie's owner, past the gate, with the CSRF token.

Apart from `http`, because DRF imports these while it defines its views.
"""

from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class SameSiteSession(SessionAuthentication):
    """The session cookie, with the CSRF token asked of everyone, signed in or not."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        self.enforce_csrf(request)
        user = request._request.user
        return (user, None) if user.is_active else None

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class PastTheGate(BasePermission):
    """Nobody, unless the gate has asked the access table for this very request."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return getattr(request._request, "gate", None) is not None
