"""The hospital's system over FHIR R4: what changed, who somebody is, all that is known of one.

Raises `Unavailable` for whatever is not a proper answer in time; what an answer *says* is judged
by `reading` and `mirror`.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urljoin

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from hospital.his.breaker import Breaker
from hospital.his.reading.people import ID_SYSTEM
from hospital.kernel import outward
from hospital.kernel.refusals import Unavailable

Resource = dict[str, Any]

PAGE: Final = 200
MOST_PAGES_OF_ONE: Final = 50  # of one person's resources
PATIENCE: Final = httpx.Timeout(4.0, connect=1.5)  # seconds; somebody waits for this
breaker = Breaker(times=3, seconds=30)


@dataclass(frozen=True)
class Page:
    resources: list[Resource]
    next: str | None


def changed(kind: str, *, since: datetime | None) -> Page:
    """The first page of the resources of a kind, oldest change first, from `since` on."""
    asked = {"_sort": "_lastUpdated", "_count": str(PAGE)}
    if since is not None:
        asked["_lastUpdated"] = f"ge{since.isoformat(timespec='milliseconds')}"
    return _page(_ask("GET", f"/{kind}", params=asked))


def following(link: str) -> Page:
    """The page that another one's `next` leads to, which must lie within the same system."""
    if not link.startswith(f"{settings.HIS_URL}/"):
        raise _strange()
    return _page(_ask("GET", link.removeprefix(settings.HIS_URL)))


def people(id_number: str) -> list[Resource]:
    """The patients with this identity number. It goes in a form: addresses stand in access logs."""
    asked = {"identifier": f"{ID_SYSTEM}|{id_number}", "_count": "10"}
    return _page(_ask("POST", "/Patient/_search", data=asked)).resources


def everything(fhir_id: str) -> Iterator[Resource]:
    """All resources of one patient, page by page."""
    page = _page(_ask("GET", f"/Patient/{fhir_id}/$everything", params={"_count": str(PAGE)}))
    yield from page.resources
    for _turn in range(MOST_PAGES_OF_ONE):
        if page.next is None:
            return
        page = following(page.next)
        yield from page.resources


def read(kind: str, fhir_id: str) -> Resource | None:
    answer = _ask("GET", f"/{kind}/{fhir_id}", missing_is_fine=True)
    return answer or None


def _ask(method: str, path: str, *, missing_is_fine: bool = False, **how: Any) -> Resource:
    if breaker.is_open:
        raise outward.unavailable(_("医院系统"))
    headers = {"Accept": "application/fhir+json"}
    try:
        response = outward.request(
            method,
            f"{settings.HIS_URL}{path}",
            partner=_("医院系统"),
            headers=headers,
            timeout=PATIENCE,
            **how,
        )
        if missing_is_fine and response.status_code in {404, 410}:
            return {}
        answer = _read(response)
    except Unavailable:
        breaker.failed()
        raise
    breaker.reset()
    return answer


def _read(response: httpx.Response) -> Resource:
    if response.status_code != httpx.codes.OK:
        raise _strange()
    try:
        answer = json.loads(response.content, parse_float=Decimal, parse_constant=_no_constants)
    except (ValueError, RecursionError):
        raise _strange() from None
    if not isinstance(answer, dict):
        raise _strange()
    return answer


def _page(bundle: Resource) -> Page:
    entries, links = bundle.get("entry") or [], bundle.get("link") or []
    if bundle.get("resourceType") != "Bundle" or not _all_dicts(entries) or not _all_dicts(links):
        raise _strange()
    resources = [entry.get("resource") for entry in entries]
    if not _all_dicts(resources):
        raise _strange()
    onward = [str(link.get("url", "")) for link in links if link.get("relation") == "next"]
    base = f"{settings.HIS_URL}/"
    return Page([each for each in resources if each], urljoin(base, onward[0]) if onward else None)


def _all_dicts(things: Any) -> bool:
    return isinstance(things, list) and all(isinstance(each, dict) for each in things)


def _no_constants(text: str) -> None:
    raise ValueError(text)


def _strange() -> Unavailable:
    return Unavailable(_("医院系统的回答读不懂，请稍后再试。"), code="his-strange")
