"""The hands behind the scenery: plan faults, read what a room received, begin again."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.faults import UnknownFault
from hospital.simulators.room import Room
from hospital.simulators.wishes import BadRequest, answer_to, wish_in


async def bad_request(_request: Request, error: Exception) -> Response:
    return answer_to(error) if isinstance(error, BadRequest) else JSONResponse({}, 500)


def control_routes(room: Room) -> list[Route]:
    async def faults(request: Request) -> Response:
        if request.method == "POST":
            try:
                room.faults.plan(await wish_in(request))
            except UnknownFault as error:
                raise BadRequest(str(error)) from error
        elif request.method == "DELETE":
            room.faults.clear()
        known = {kind.name: f"{kind.takes}: {kind.says}" for kind in room.faults.kinds.values()}
        return JSONResponse({"pending": room.faults.pending(), "known": known})

    async def received(request: Request) -> Response:
        return JSONResponse(room.evidence(request.query_params))

    async def requests(_request: Request) -> Response:
        return JSONResponse({"received": list(room.received)})

    async def sent(_request: Request) -> Response:
        return JSONResponse({"sent": list(room.sent)})

    async def reset(request: Request) -> Response:
        wish = await wish_in(request)
        room.faults.clear()
        room.received.clear()
        room.sent.clear()
        if wish.get("state"):
            room.reset()
        return JSONResponse({"room": room.name, "state": bool(wish.get("state"))})

    base = f"/control/{room.name}"
    return [
        Route(f"{base}/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route(f"{base}/received", received, methods=["GET"]),
        Route(f"{base}/requests", requests, methods=["GET"]),
        Route(f"{base}/sent", sent, methods=["GET"]),
        Route(f"{base}/reset", reset, methods=["POST"]),
    ]


def all_control_routes(rooms: Sequence[Room]) -> list[Route]:
    return [route for room in rooms for route in control_routes(room)]
