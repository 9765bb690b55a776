"""The database's work of a socket, and what a cancellation does to whoever waits for it."""

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from hospital.kernel.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """Speaks to the loop while it runs, as a hint to the channel layer does."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = asyncio.Event(), asyncio.Event()

    def __call__(self) -> str:
        try:
            async_to_sync(self._speak)()
        except asyncio.CancelledError:
            return "hint lost"
        return "hint sent"

    async def _speak(self) -> None:
        self.has_begun.set()
        await self.may_end.wait()


async def ends_when_cancelled(waiting, work) -> bool:
    """Whether a task that waits for the work ends as cancelled."""
    task = asyncio.ensure_future(waiting)
    await asyncio.wait_for(work.has_begun.wait(), 10)
    task.cancel()
    await asyncio.wait({task}, timeout=10)
    work.may_end.set()
    return task.cancelled()


async def test_a_socket_that_is_cancelled_ends_though_its_work_speaks_to_the_loop():
    work = Work()
    assert await ends_when_cancelled(Socket().in_database(work), work)


async def test_without_the_shield_the_cancellation_is_swallowed():
    work = Work()
    assert not await ends_when_cancelled(sync_to_async(work, thread_sensitive=False)(), work)


async def test_what_the_work_returns_and_raises_comes_back():
    assert await Socket().in_database(lambda one: one + 1, 1) == 2
    with pytest.raises(ZeroDivisionError):
        await Socket().in_database(lambda: 1 / 0)
