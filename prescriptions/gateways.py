"""The courier company: orders a parcel, asks where it is, knows its voice by a signature."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hospital.kernel import outward
from hospital.kernel.refusals import Refused
from prescriptions.models import Delivery

PARTNER: Final = gettext_noop("快递公司")
WINDOW: Final = timedelta(minutes=5)  # how far the sender's clock may be off


@dataclass(frozen=True)
class News:
    """One thing that happened to a parcel."""

    event_id: str
    waybill: str
    order_no: str
    status: str  # created | collected | in_transit | delivered | returned | cancelled
    words: str
    at: datetime


@dataclass(frozen=True)
class Parcel:
    waybill: str
    news: Sequence[News]


def order(delivery: Delivery, *, items: Sequence[str], is_cold: bool) -> Parcel:
    """Have a parcel fetched. The same delivery again is the same parcel: answers may be lost."""
    body = {
        "order_no": str(delivery.public_id),
        "sender": {
            "name": settings.HOSPITAL_NAME,
            "phone": settings.HOSPITAL_PHONE,
            "address": settings.HOSPITAL_NAME,
        },
        "receiver": _receiver(delivery.to),
        "items": list(items),
        "cold_chain": is_cold,
        "callback_url": f"{settings.PUBLIC_URL}/callbacks/courier",
    }
    return _parcel(_ask("POST", "/orders", json=body))


def track(waybill: str) -> Parcel:
    """Everything that the courier knows of a parcel."""
    return _parcel(_ask("GET", f"/orders/{waybill}"))


def _receiver(to: Mapping[str, str]) -> dict[str, str]:
    return {
        "name": to["name"],
        "phone": to["phone"],
        "address": f"{to['region']}{to['detail']}",
    }


def _ask(method: str, path: str, **how: Any) -> Any:
    response = outward.request(
        method,
        f"{settings.COURIER_URL}{path}",
        partner=PARTNER,
        headers={"X-App-Key": settings.COURIER_KEY},
        **how,
    )
    if response.status_code not in (200, 201):
        raise Refused(_("快递公司没有接受这个包裹，请核对收货信息。"), code="courier-refused")
    try:
        return response.json()
    except ValueError as error:
        raise outward.unavailable(PARTNER) from error


def _parcel(told: Any) -> Parcel:
    try:
        return Parcel(str(told["waybill"]), [news_of(each) for each in told["events"]])
    except (KeyError, TypeError, ValueError) as error:
        raise outward.unavailable(PARTNER) from error


def news_of(told: Mapping[str, Any]) -> News:
    """One event as the courier writes it; raises KeyError, TypeError or ValueError otherwise."""
    at = datetime.fromisoformat(str(told["at"]))
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return News(
        event_id=str(told["event_id"])[:64],
        waybill=str(told["waybill"])[:32],
        order_no=str(told["order_no"])[:64],
        status=str(told["status"])[:16],
        words=str(told.get("description", ""))[:120],
        at=at,
    )


def heard(body: bytes, *, timestamp: str, nonce: str, signature: str, at: datetime) -> News:
    """The news in a callback, if the courier signed it just now. Refused otherwise."""
    told = b"\n".join((timestamp.encode(), nonce.encode(), body))
    right = hmac.new(settings.COURIER_KEY.encode(), told, hashlib.sha256).hexdigest()
    if not settings.COURIER_KEY or not hmac.compare_digest(right.encode(), signature.encode()):
        raise Refused(_("通知的签名不对。"), code="signature")
    if not _is_fresh(timestamp, at):
        raise Refused(_("通知的时间不对。"), code="timestamp")
    try:
        return news_of(json.loads(body))
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(_("通知的内容不完整。"), code="malformed") from error


def _is_fresh(timestamp: str, at: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 13):
        return False
    seconds = int(timestamp) / (1000 if len(timestamp) == 13 else 1)
    return abs(at.timestamp() - seconds) <= WINDOW.total_seconds()
