"""Brings signed news to the platform, again and again, until it says yes."""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import httpx

from hospital.simulators.room import Room

AGAIN_AFTER = (1, 3, 10, 30, 60, 180, 600)


class Letter(NamedTuple):
    headers: dict[str, str]
    body: bytes


class Compose(Protocol):
    """Writes and signs one attempt afresh, so that its timestamp is always of now."""

    def __call__(self, *, wrong_signature: bool) -> Letter: ...


def any_success(response: httpx.Response) -> bool:
    return response.is_success


class Postman:
    def __init__(
        self,
        room: Room,
        *,
        accepted: Callable[[httpx.Response], bool] = any_success,
        again_after: Sequence[float] = AGAIN_AFTER,
    ) -> None:
        self._room = room
        self._accepted = accepted
        self._again_after = again_after
        self._tls = ssl.create_default_context()
        # The event loop holds tasks weakly: without this a letter may vanish on its way.
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, url: str, *letters: Compose) -> None:
        """Letters of one call arrive in order: the next leaves when the one before is accepted."""
        task = asyncio.create_task(self._deliver_all(url, letters))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver_all(self, url: str, letters: Sequence[Compose]) -> None:
        # A proxy named in the environment must not swallow what goes to the loopback.
        async with httpx.AsyncClient(verify=self._tls, trust_env=False, timeout=10) as client:
            for letter in letters:
                for wait in (*self._again_after, None):
                    if await self._attempt(client, url, letter) or wait is None:
                        break
                    await asyncio.sleep(wait)

    async def _attempt(self, client: httpx.AsyncClient, url: str, compose: Compose) -> bool:
        faults = self._room.faults
        if milliseconds := faults.take("callback_delay_ms", url):
            await asyncio.sleep(milliseconds / 1000)
        if faults.take("drop", url):
            self._note(url, "dropped", "")
            return False
        wrong = bool(faults.take("wrong_signature", url))
        letters = [
            compose(wrong_signature=wrong) for _ in range(faults.take("duplicate", url) or 1)
        ]
        return all(await asyncio.gather(*(self._post(client, url, each) for each in letters)))

    async def _post(self, client: httpx.AsyncClient, url: str, letter: Letter) -> bool:
        try:
            response = await client.post(url, content=letter.body, headers=letter.headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            self._note(url, type(error).__name__, letter.body.decode())
            return False
        accepted = self._accepted(response)
        self._note(url, f"{response.status_code} {'accepted' if accepted else 'refused'}", "")
        return accepted

    def _note(self, url: str, outcome: str, body: str) -> None:
        self._room.sent.append(
            {"at": datetime.now(UTC).isoformat(), "url": url, "outcome": outcome, "body": body}
        )
