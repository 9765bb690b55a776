"""The base of every socket: a second door to the same services.

A frame is one command, `{"type": …}`. Session and right are asked of the database again for every
command, because Channels freezes both at connect; and whoever signed out, was disabled or lost a
role is closed within seconds, whether or not Redis carried the hint.

Close codes: 4400 malformed, 4401 sign in, 4403 not allowed, 4404 not (or no longer) one's own,
4408 too slow, 4429 too often or too many.
"""

import asyncio
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from hospital.kernel import access, context
from hospital.kernel.answers import body_of, keep_evidence
from hospital.kernel.canonical import canonical
from hospital.kernel.parsers import loads
from hospital.kernel.refusals import Detour, NotAllowed, Refused
from hospital.kernel.watch import leave, watch

MAX_FRAME: Final = 64 * 1024  # bytes
RATE, BURST = 5.0, 10.0  # commands a second, and at once
_POOL = ThreadPoolExecutor(max_workers=8, thread_name_prefix="socket")  # each keeps its connection


class Socket(AsyncWebsocketConsumer):
    """Subclasses name `access` (to connect) and `commands` (type → access entry), and `handle`."""

    scope: Any
    access: ClassVar[str] = ""
    commands: ClassVar[dict[str, str]] = {}
    by_hand: ClassVar[frozenset[str]] = frozenset()  # commands that a person gives, not a script

    async def connect(self) -> None:
        self.tokens, self.filled_at = BURST, time.monotonic()
        self.session_key: str = self.scope["session"].digest
        self.seat: UUID | None = None
        await self.accept()
        if not await self._admitted():
            return None
        self.seat = await self.in_database(access.backend().take_seat, self.scope["user"])
        if self.seat is None:
            return await self.close(4429)
        try:
            await self.in_database(self.opened)
        except Refused:
            return await self.close(4403)
        watch(self)
        for group in self.groups_of():
            await self.channel_layer.group_add(group, self.channel_name)
            self.groups.append(group)
        await self.ready()
        return None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if text_data is None or len(text_data.encode()) > MAX_FRAME:
            return await self.close(4400)
        if not self._take_token():
            return await self.close(4429)
        try:
            command = loads(text_data)
        except ParseError:
            return await self.close(4400)
        if not isinstance(command, dict) or command.get("type") not in self.commands:
            return await self.close(4400)
        reply = await self.in_database(self._obey, command)
        if isinstance(reply, int):
            return await self.close(reply)
        if reply:
            await self.reply(reply)
        return None

    async def reply(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=canonical(frame))

    async def in_database(self, work: Any, *args: Any) -> Any:
        """Run synchronous `work` on one of the socket threads, which keep their connections.

        Shielded, since asgiref takes the cancellation of who waits for one of the work's own and
        swallows it where the work speaks to the loop (a hint): the socket would never end.
        """
        running = database_sync_to_async(work, thread_sensitive=False, executor=_POOL)
        return await asyncio.shield(running(*args))

    # What a subclass says ---------------------------------------------------------------

    def opened(self) -> None:
        """Look up what the socket is about; raise `Refused` to turn it away. In the database."""

    @classmethod
    def still(cls, sockets: Sequence[Self]) -> Collection[Self]:
        """Those whose object is still theirs; `scope["user"]` is the user as of now.

        In the database, for all open sockets of this class at once: no query for each.
        """
        return sockets

    def groups_of(self) -> list[str]:
        return []

    async def ready(self) -> None:
        """Greet."""

    def handle(self, command: dict[str, Any]) -> dict[str, Any] | None:
        """Call one service; what is returned is sent back. In the database."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------

    async def _admitted(self) -> bool:
        user = self.scope["user"]
        if not user.is_authenticated or not self.session_key:
            await self.close(4401)
            return False
        if not await self.in_database(self._may_connect):
            await self.close(4403)
            return False
        return True

    def _may_connect(self) -> bool:
        return self._role(self.access) is not None and self._hurdle(self.access) is None

    def _role(self, entry: str) -> str | None:
        return access.backend().admits(self.scope["user"], entry)

    def _hurdle(self, entry: str) -> Detour | None:
        return access.backend().hurdle(self.scope["user"], self.session_key, entry)

    def _obey(self, command: dict[str, Any]) -> dict[str, Any] | int:
        """The answer to one command, or the code with which the socket is closed."""
        if not access.backend().live([self.session_key]):
            return 4401
        user = self.scope["user"] = get_user_model().objects.get(pk=self.scope["user"].pk)
        entry = self.commands[command["type"]]
        role = self._role(entry)
        here = context.RequestContext(
            door=f"socket {type(self).__name__}.{command['type']}",
            access=entry,
            user=user.public_id,
            role=role or "",
            session=self.session_key,
            ip=(self.scope.get("client") or [""])[0],
        )
        with context.entering(here), translation.override(self.scope.get("language")):
            try:
                if role is None:
                    raise NotAllowed(_("您的账号没有这项权限。"))
                if (first := self._hurdle(entry)) is not None:
                    raise first
                if command["type"] in self.by_hand:
                    access.backend().wake(self.session_key)
                return self.handle(command) or {}
            except Refused as refusal:
                keep_evidence(refusal)
                if isinstance(refusal, Detour) and refusal.shuts:
                    return 4403
                return {"type": "refused", "re": command.get("client_id"), **body_of(refusal)}

    def _take_token(self) -> bool:
        now = time.monotonic()
        self.tokens = min(BURST, self.tokens + (now - self.filled_at) * RATE)
        self.filled_at = now
        self.tokens -= 1
        return self.tokens >= 0

    async def disconnect(self, code: int) -> None:
        leave(self)
        if self.seat is not None:
            await self.in_database(access.backend().leave_seat, self.seat)
