"""Closes the sockets of whoever has no business there any more.

One task in each process asks the database every few seconds, in a handful of queries however many
sockets are open: which sessions still live, and whose they are; whether their roles still open the
door; and of each kind of socket, whose object is still theirs. It needs no message to arrive, so
it keeps its promise when Redis does not.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from weakref import WeakSet

from django.db import Error, close_old_connections

from hospital.kernel import access

PROMISE: Final = 5.0  # seconds from an ending to the close of the last socket it concerns
EVERY: Final = 1.5  # seconds between two looks, so that one that fails leaves room for the next
_SEATS_EVERY: Final = 6  # looks between two renewals of the seats
_ROOM = ThreadPoolExecutor(max_workers=1, thread_name_prefix="watch")  # never behind commands
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


def leave(socket: Any) -> None:
    """It is closed: look no longer."""
    _open.discard(socket)


def turned_out(sockets: Sequence[Any]) -> list[tuple[Any, int]]:
    """Which of these have to close, and with which code. In the database."""
    backend = access.backend()
    owners = backend.owners({socket.session_key for socket in sockets})
    out: list[tuple[Any, int]] = []
    staying: dict[type, list[Any]] = defaultdict(list)
    for socket in sockets:
        user = owners.get(socket.session_key)
        if user is None or user.pk != socket.scope["user"].pk:
            out.append((socket, 4401))
        elif backend.admits(user, socket.access) is None or _is_shut(user, socket):
            out.append((socket, 4403))
        else:
            socket.scope["user"] = user
            staying[type(socket)].append(socket)
    for kind, group in staying.items():
        kept = kind.still(group)  # type: ignore[attr-defined]
        out += [(socket, 4404) for socket in group if socket not in kept]
    return out


def _is_shut(user: Any, socket: Any) -> bool:
    """Something comes before everything, e.g. a password that has grown too old by now."""
    first = access.backend().hurdle(user, socket.session_key, socket.access)
    return first is not None and first.shuts


async def _in_room(work: Any, sockets: Sequence[Any]) -> Any:
    """Not by asgiref, which takes a cancellation for its own: the loop would never end."""
    return await asyncio.get_running_loop().run_in_executor(_ROOM, _connected, work, sockets)


def _connected(work: Any, sockets: Sequence[Any]) -> Any:
    close_old_connections()
    try:
        return work(sockets)
    finally:
        close_old_connections()


async def _sweep() -> None:
    looks = 0
    while True:
        await asyncio.sleep(EVERY)
        sockets = list(_open)
        if not sockets:
            continue
        looks += 1
        try:
            out = await _in_room(turned_out, sockets)
            if looks % _SEATS_EVERY == 0:
                await _in_room(_renew, sockets)
        except Error as error:
            log.warning("open sockets not checked: %s", error)
            continue
        await asyncio.gather(*[_put_out(*each) for each in out])


def _renew(sockets: Sequence[Any]) -> None:
    access.backend().keep_seats([socket.seat for socket in sockets])


async def _put_out(socket: Any, code: int) -> None:
    _open.discard(socket)
    try:
        await socket.close(code)
    except RuntimeError as error:  # it was closing by itself
        log.info("socket was gone: %s", error)
