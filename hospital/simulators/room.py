"""What all six rooms share: a protocol that can misbehave, and a record of what came and went."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.broken_answers import CutAnswer
from hospital.simulators.faults import BASE, FaultKind, Faults
from hospital.simulators.shelf import Shelf
from hospital.simulators.wishes import BadRequest, answer_to

Endpoint = Callable[[Request], Awaitable[Response]]

REMEMBERED = 2000
KEPT_HEADERS = ("authorization", "content-type", "idempotency-key")


class Room:
    """Subclasses add `routes`; `shelves` are what a full reset empties."""

    name = ""
    title = ""
    says = ""
    home = ""

    def __init__(self, *faults: FaultKind) -> None:
        self.faults = Faults(*BASE, *faults)
        self.received: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.sent: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.shelves: Sequence[Shelf] = ()
        self.routes: list[Route] = []

    def refuse(self, status: int) -> Response:
        """How this room's real counterpart words a failure of its own."""
        return JSONResponse({"code": "SYSTEM_ERROR", "message": "系统繁忙"}, status)

    def evidence(self, _query: QueryParams) -> dict[str, Any]:
        """What this room would show an outsider who compares notes with the platform."""
        return {"received": list(self.received)}

    def reset(self) -> None:
        for shelf in self.shelves:
            shelf.clear()

    def protocol(self, path: str, endpoint: Endpoint, methods: Sequence[str]) -> Route:
        """A route of the real protocol: recorded, and open to planned faults."""

        async def guarded(request: Request) -> Response:
            response = await self._answer(request, endpoint)
            await self._pause("delay_answer_ms", request)
            return self._spoil(response, request.url.path)

        return Route(path, guarded, methods=list(methods))

    async def _answer(self, request: Request, endpoint: Endpoint) -> Response:
        entry = await _note(request)
        self.received.append(entry)
        await self._pause("delay_ms", request)
        status = self.faults.take("status", request.url.path)
        try:
            response = self.refuse(status) if status else await endpoint(request)
        except BadRequest as refused:
            response = answer_to(refused)
        entry["status"] = response.status_code
        return response

    async def _pause(self, name: str, request: Request) -> None:
        if milliseconds := self.faults.take(name, request.url.path):
            await asyncio.sleep(milliseconds / 1000)

    def _spoil(self, response: Response, path: str) -> Response:
        if self.faults.take("lose_answer", path):
            return CutAnswer(response, keep=0)
        if self.faults.take("half_answer", path):
            return CutAnswer(response, keep=len(response.body) // 2, silent_seconds=30)
        if self.faults.take("malformed", path):
            half = bytes(response.body)[: len(response.body) // 2]
            return Response(half, response.status_code, media_type=response.media_type)
        return response


async def _note(request: Request) -> dict[str, Any]:
    body = await request.body()
    return {
        "at": datetime.now(UTC).isoformat(),
        "method": request.method,
        "path": request.url.path,
        "query": unquote_plus(request.url.query),
        "headers": {
            name: value
            for name, value in request.headers.items()
            if name in KEPT_HEADERS or name.startswith("x-")
        },
        "body": body.decode("utf-8", "replace"),
    }
