"""What a FHIR request asks for, and how a refusal of it is worded."""

import json

from starlette.requests import Request
from starlette.responses import Response

from hospital.simulators.his.archive import TYPES
from hospital.simulators.his.bundles import outcome
from hospital.simulators.room import Endpoint
from hospital.simulators.shelf import Item
from hospital.simulators.wishes import BadRequest


class NoSuch(BadRequest):
    """The type or the resource does not exist here."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not known", 404)


def in_fhir(endpoint: Endpoint) -> Endpoint:
    async def worded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except NoSuch as missing:
            return outcome(404, "not-found", str(missing))
        except BadRequest as refused:
            return outcome(refused.status, "invalid", str(refused))

    return worded


def kind_of(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in TYPES:
        raise NoSuch(kind)
    return kind


async def resource_in(request: Request, kind: str) -> Item:
    try:
        item = json.loads(await request.body())
    except ValueError as error:
        raise BadRequest("not JSON") from error
    if not isinstance(item, dict) or item.get("resourceType") != kind:
        raise BadRequest(f"a {kind} is expected")
    return item
