"""What a FHIR answer looks like: a resource, a page of a search, or what went wrong."""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.responses import Response

from hospital.simulators.shelf import Item

FHIR_JSON = "application/fhir+json"
USUAL_COUNT, MOST = 50, 500

Parameters = Sequence[tuple[str, str]]


def answer(content: Item, status: int = 200) -> Response:
    headers = {"Content-Type": f"{FHIR_JSON}; charset=utf-8"}
    if meta := content.get("meta"):
        headers["ETag"] = f'W/"{meta["versionId"]}"'
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, headers)


def outcome(status: int, code: str, text: str) -> Response:
    severity = "fatal" if status >= 500 else "error"
    issue = {"severity": severity, "code": code, "diagnostics": text}
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def page_of(items: Sequence[Item], address: str, base: str, parameters: Parameters) -> Item:
    """One page of the matches; `next` repeats the search with the place to go on from."""
    told = dict(parameters)
    count = min(_number(told.get("_count"), USUAL_COUNT), MOST)
    offset = _number(told.get("_offset"), 0)
    links = [{"relation": "self", "url": _address(address, parameters, offset)}]
    if count and offset + count < len(items):
        following = _address(address, parameters, offset + count)
        links.append({"relation": "next", "url": following})
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(items),
        "link": links,
        "entry": [
            {
                "fullUrl": f"{base}/{item['resourceType']}/{item['id']}",
                "resource": item,
                "search": {"mode": "match"},
            }
            for item in items[offset : offset + count]
        ],
    }


def _address(address: str, parameters: Parameters, offset: int) -> str:
    kept = [(name, value) for name, value in parameters if name != "_offset"]
    return f"{address}?{urlencode([*kept, ('_offset', str(offset))])}"


def _number(told: str | None, usual: int) -> int:
    return int(told) if told and told.isdigit() else usual
