"""Session, user and language for sockets, from the same cookies as pages.

Channels' own stack keeps the user that was there at connect; ours asks again (`kernel.sockets`).
"""

from http.cookies import SimpleCookie
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from hospital.accounts.sessions import SessionStore


class SignedIn:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        cookies = _cookies(scope)
        session = SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
        user = await database_sync_to_async(_owner)(session)
        language = cookies.get(settings.LANGUAGE_COOKIE_NAME)
        known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        scope = {**scope, "session": session, "user": user, "language": known}
        return await self.app(scope, receive, send)


def _owner(session: SessionStore) -> Any:
    session.load()
    user = session.row.user if session.row else None
    return user if user is not None and user.is_active else AnonymousUser()


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    jar = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items()}
