"""The hospital's system over FHIR R4: what changed, who somebody is, all that is known of one.

Raises `Unavailable` for whatever is not a proper answer in time; what an answer *says* is judged
by `reading` and `mirror`.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import urljoin

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from hospital.his.breaker import Breaker
from hospital.his.reading.documents import CITIZEN
from hospital.kernel import outward
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Unavailable

Resource = dict[str, Any]
_Read = TypeVar("_Read")

PAGE: Final = 200
MOST_PAGES_OF_ONE: Final = 50  # of one person's resources
AT_ONCE: Final = 50  # resources that one address asks for
PATIENCE: Final = httpx.Timeout(3.0, connect=1.5)  # seconds, for one answer
TOGETHER: Final = 5.0  # for all answers about one person: somebody waits for this
UNATTENDED: Final = 30.0  # for one answer that nobody waits for
STRANGE: Final = "his-strange"
PAYMENTS: Final = "urn:internet-hospital:payment"  # the system of our own numbers
MANY: Final = 2**31
_PAYMENT_STATUS: Final = "http://terminology.hl7.org/CodeSystem/paymentstatus"
_NOT_TO_BE_PAID: Final = {404, 409, 410, 422}
_CALLED_OFF: Final = {"cancelled", "entered-in-error"}
breaker = Breaker(times=3, seconds=30)
_until: ContextVar[float | None] = ContextVar("his-until", default=None)


@dataclass(frozen=True)
class Page:
    resources: list[Resource]
    next: str | None
    total: int | None = None  # of all pages, where it is told


@contextmanager
def patience() -> Iterator[None]:
    """All that is asked within takes `TOGETHER` seconds at most, then it is unavailable.

    Within another's patience there is what is left of that one, and no more.
    """
    until, outer = time.monotonic() + TOGETHER, _until.get()
    token = _until.set(until if outer is None else min(until, outer))
    try:
        yield
    finally:
        _until.reset(token)


def changed(kind: str, *, since: datetime | None) -> Page:
    """The first page of the resources of a kind, oldest change first, from `since` on."""
    asked = {"_sort": "_lastUpdated", "_count": str(PAGE)}
    if since is not None:
        asked["_lastUpdated"] = f"ge{since.isoformat(timespec='milliseconds')}"
    return _ask("GET", f"/{kind}", of=_page, params=asked)


def following(link: str) -> Page:
    """The page that another one's `next` leads to, which must lie within the same system."""
    if not link.startswith(f"{settings.HIS_URL}/"):
        raise strange()
    return _ask("GET", link.removeprefix(settings.HIS_URL), of=_page)


def people(number: str, *, system: str = CITIZEN) -> list[Resource]:
    """The patients with this number. It goes in a form: addresses stand in access logs."""
    asked = {"identifier": f"{system}|{number}", "_count": "10"}
    return _ask("POST", "/Patient/_search", of=_page, data=asked).resources


def everything(fhir_id: str) -> Iterator[list[Resource]]:
    """All resources of one patient, a page at a time."""
    asked = {"_count": str(PAGE)}
    page = _ask("GET", f"/Patient/{fhir_id}/$everything", of=_page, params=asked)
    yield page.resources
    for _turn in range(MOST_PAGES_OF_ONE):
        if page.next is None:
            return
        page = following(page.next)
        yield page.resources


def several(kind: str, fhir_ids: Sequence[str]) -> Iterator[Resource]:
    """Those of these resources that there are."""
    for start in range(0, len(fhir_ids), AT_ONCE):
        wanted = ",".join(fhir_ids[start : start + AT_ONCE])
        asked = {"_id": wanted, "_count": str(AT_ONCE)}
        yield from _ask("GET", f"/{kind}", of=_page, params=asked).resources


def payment_notice(
    invoice_id: str, *, payment_no: str, amount_fen: int, paid_at: datetime
) -> Resource:
    """That an invoice was paid, as R4 says it."""
    number = {"system": PAYMENTS, "value": payment_no}
    yuan = Decimal(amount_fen) / 100
    return {
        "resourceType": "PaymentNotice",
        "identifier": [number],
        "status": "active",
        "request": {"reference": f"Invoice/{invoice_id}"},
        "created": paid_at.isoformat(timespec="seconds"),
        "payment": {"identifier": number},
        "paymentDate": local_date(paid_at).isoformat(),
        "recipient": {"display": settings.HOSPITAL_NAME},
        "amount": {"value": float(yuan), "currency": "CNY"},
        "paymentStatus": {"coding": [{"system": _PAYMENT_STATUS, "code": "paid"}]},
    }


def notify_paid(notice: Resource, payment_no: str) -> bool:
    """Whether the hospital takes the payment; False where the bill is not to be paid (any more).

    Created at most once: the same number again answers with the notice that is there already.
    Only the system's own word counts, not that of whatever stands between; and since a refusal
    gives the money back, it is asked first whether they have our notice after all.
    """
    once = {
        "If-None-Exist": f"identifier={PAYMENTS}|{payment_no}",
        "Prefer": "return=representation",
    }

    def is_taken(response: httpx.Response) -> bool:
        if response.status_code in {200, 201} and _is_ours(_told(response), payment_no):
            return True
        if response.status_code in _NOT_TO_BE_PAID and _is_outcome(response):
            return False
        raise strange()

    taken = _ask("POST", "/PaymentNotice", of=is_taken, json=notice, headers=once)
    return taken or _is_known(payment_no)


def _is_known(payment_no: str) -> bool:
    asked = {"identifier": f"{PAYMENTS}|{payment_no}"}
    found = _ask("GET", "/PaymentNotice", of=_page, params=asked).resources
    return any(_is_ours(each, payment_no) for each in found)


def _is_ours(notice: Resource, payment_no: str) -> bool:
    numbers = notice.get("identifier") or []
    return (
        notice.get("resourceType") == "PaymentNotice"
        and notice.get("status") not in _CALLED_OFF
        and _all_dicts(numbers)
        and (PAYMENTS, payment_no) in [(each.get("system"), each.get("value")) for each in numbers]
    )


def read(kind: str, fhir_id: str) -> Resource | None:
    """The resource; None where the system itself says that there is no such."""
    return _ask("GET", f"/{kind}/{fhir_id}", of=_resource)


def _ask(method: str, path: str, *, of: Callable[[httpx.Response], _Read], **how: Any) -> _Read:
    """What `of` reads in the answer: only then is it one.

    What it cannot read counts against the system as its silence does.
    """
    left = _time_left()
    if breaker.is_open or left <= 0:
        raise outward.unavailable(_("医院系统"))
    try:
        told = of(_call(method, path, left=left, **how))
    except Unavailable:
        breaker.failed()
        raise
    breaker.reset()
    return told


def _call(
    method: str, path: str, *, left: float, headers: Mapping[str, str] | None = None, **how: Any
) -> httpx.Response:
    return outward.request(
        method,
        f"{settings.HIS_URL}{path}",
        partner=_("医院系统"),
        headers={"Accept": "application/fhir+json", **(headers or {})},
        timeout=_at_most(left),
        within=left,
        **how,
    )


def _time_left() -> float:
    until = _until.get()
    return UNATTENDED if until is None else until - time.monotonic()


def _at_most(left: float) -> httpx.Timeout:
    """`PATIENCE`, each limit of it cut down to what is left."""
    limits = {step: min(told, left) for step, told in PATIENCE.as_dict().items() if told}
    return httpx.Timeout(left, **limits)


def _resource(response: httpx.Response) -> Resource | None:
    """None where the system itself says that there is no such."""
    if response.status_code in {404, 410} and _is_outcome(response):
        return None
    told = _fine(response)
    if not isinstance(told.get("resourceType"), str):
        raise strange()
    return told


def _fine(response: httpx.Response) -> Resource:
    if response.status_code != httpx.codes.OK:
        raise strange()
    return _told(response)


def _is_outcome(response: httpx.Response) -> bool:
    """Whether a refusal is the system's own: a proxy that cannot find it says 404 as well."""
    return _told(response).get("resourceType") == "OperationOutcome"


def _told(response: httpx.Response) -> Resource:
    try:
        answer = json.loads(response.content, parse_float=Decimal, parse_constant=_no_constants)
    except (ValueError, RecursionError):
        raise strange() from None
    if not isinstance(answer, dict):
        raise strange()
    return answer


def _page(response: httpx.Response) -> Page:
    bundle = _fine(response)
    entries, links = bundle.get("entry") or [], bundle.get("link") or []
    if bundle.get("resourceType") != "Bundle" or not _all_dicts(entries) or not _all_dicts(links):
        raise strange()
    resources = [entry.get("resource") for entry in entries]
    if not _all_dicts(resources):
        raise strange()
    onward = [str(link.get("url", "")) for link in links if link.get("relation") == "next"]
    base = f"{settings.HIS_URL}/"
    total = bundle.get("total")
    return Page(
        [each for each in resources if each],
        urljoin(base, onward[0]) if onward else None,
        total if type(total) is int and 0 <= total < MANY else None,
    )


def _all_dicts(things: Any) -> bool:
    return isinstance(things, list) and all(isinstance(each, dict) for each in things)


def _no_constants(text: str) -> None:
    raise ValueError(text)


def strange() -> Unavailable:
    return Unavailable(_("医院系统的回答读不懂，请稍后再试。"), code=STRANGE)
