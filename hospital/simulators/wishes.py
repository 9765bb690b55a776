"""Reading what a caller asks for, and the refusal that every room words alike."""

import hmac
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class BadRequest(Exception):
    """The call asks for something that cannot be; the sentence says what."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def answer_to(refused: BadRequest) -> Response:
    return JSONResponse({"error": str(refused)}, refused.status)


async def wish_in(request: Request) -> dict[str, Any]:
    """The JSON object of a call; an empty body is an empty wish."""
    body = await request.body()
    try:
        wish = json.loads(body or b"{}")
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}") from error
    if not isinstance(wish, dict):
        raise BadRequest("a JSON object is expected")
    return wish


def key_fits(request: Request, key: str) -> bool:
    told = request.headers.get("x-app-key", "")
    return hmac.compare_digest(told.encode(), key.encode())
