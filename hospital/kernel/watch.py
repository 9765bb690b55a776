"""Closes the sockets of whoever is no longer signed in.

One task in each process asks the database about all its open sockets in one query, every few
seconds. It needs no message to arrive, so it keeps its promise when Redis does not.
"""

import asyncio
import logging
from typing import Any, Final
from weakref import WeakSet

from django.db import DatabaseError

from hospital.kernel import access

EVERY: Final = 2.0  # seconds; the promise is five
log = logging.getLogger(__name__)
_open: WeakSet[Any] = WeakSet()
_task: asyncio.Task[None] | None = None


def watch(socket: Any) -> None:
    """Keep an eye on `socket` as long as it lives."""
    global _task
    _open.add(socket)
    loop = asyncio.get_running_loop()
    if _task is None or _task.done() or _task.get_loop() is not loop:
        _task = loop.create_task(_sweep())


async def _sweep() -> None:
    while True:
        await asyncio.sleep(EVERY)
        sockets = list(_open)
        if not sockets:
            continue
        try:
            keys = [socket.session_key for socket in sockets]
            live = await sockets[0].in_database(access.backend().live, keys)
        except DatabaseError as error:
            log.warning("open sockets not checked: %s", error)
            continue
        for socket in sockets:
            if socket.session_key not in live:
                _open.discard(socket)
                await socket.close(4401)
