"""One end of a socket, spoken to the application directly (Channels' own needs another server)."""

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from asgiref.testing import ApplicationCommunicator

from hospital.asgi import application

PATIENCE = 15  # seconds; the machine may be busy


class Speaker(ApplicationCommunicator):
    def __init__(self, path: str, *, cookie: str = "", origin: str = "http://127.0.0.1") -> None:
        parts = urlsplit(path)
        headers = [(b"host", b"127.0.0.1"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        super().__init__(
            application,
            {
                "type": "websocket",
                "path": unquote(parts.path),
                "query_string": parts.query.encode(),
                "headers": headers,
                "subprotocols": [],
                "client": ("127.0.0.1", 40000),
            },
        )

    async def dial(self) -> bool:
        """True where it was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def tell(self, **frame: Any) -> None:
        await self.tell_raw(json.dumps(frame, default=str))

    async def tell_raw(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind; others are passed over."""
        while True:
            event = await self.receive_output(PATIENCE)
            assert event["type"] == "websocket.send", f"{event} instead of {kind}"
            frame = json.loads(event["text"])
            if frame["type"] == kind:
                return frame

    async def closed(self, *, timeout: float = PATIENCE) -> int:
        """The code with which it is closed; the application ends with it, as under a server."""
        while True:
            event = await self.receive_output(timeout)
            if event["type"] == "websocket.close":
                await self.hang_up()
                return event["code"]

    async def hang_up(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)
