"""An answer that breaks off, as a fallen line or a dying server would break it."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class CutAnswer(Response):
    """Promises the whole length, sends a part, may stay silent, and ends.

    The server closes the connection of an answer that ended before its promised length.
    """

    def __init__(self, whole: Response, *, keep: int, silent_seconds: float = 0) -> None:
        super().__init__(status_code=whole.status_code)
        self.raw_headers = [
            (name, value) for name, value in whole.raw_headers if name != b"content-length"
        ]
        # One more than there is, so that even an empty answer is visibly incomplete.
        self.raw_headers.append((b"content-length", str(len(whole.body) + 1).encode()))
        self._kept = bytes(whole.body)[:keep]
        self._silent_seconds = silent_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {
                "type": "http.response.start",
                "status": 200 if self.status_code == 204 else self.status_code,
                "headers": self.raw_headers,
            }
        )
        await send({"type": "http.response.body", "body": self._kept, "more_body": True})
        with suppress(TimeoutError):
            async with asyncio.timeout(self._silent_seconds):
                await receive()  # Only a client that hangs up has anything more to say.
