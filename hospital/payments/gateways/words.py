"""What payment platforms say, in our words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.dateparse import parse_datetime

from hospital.kernel.refusals import Refused


class AlreadyPaid(Exception):
    """The order was paid before this call."""


class Malformed(Refused):
    """Signed by the platform, and still not what it promised to send."""

    code = "news-malformed"


@dataclass(frozen=True)
class Payment:
    """Somebody paid: which order of ours, how much, under which number of theirs."""

    merchant: tuple[str, str]
    trade_no: str
    transaction_id: str
    amount_fen: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True)
class Outcome:
    """How a refund stands: sent (still under way), finished or failed, and why."""

    step: Literal["send", "finish", "fail"]
    code: str = ""


@dataclass(frozen=True)
class RefundNews:
    mchid: str
    trade_no: str
    refund_no: str
    amount_fen: int
    total_fen: int
    outcome: Outcome


def text(source: Any, name: str) -> str:
    value = source.get(name) if isinstance(source, dict) else None
    if not isinstance(value, str) or not value:
        raise Malformed(f"{name} missing")
    return value


def whole(source: Any, name: str) -> int:
    value = source.get(name) if isinstance(source, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed(f"{name} missing")
    return value


def moment(source: Any, name: str) -> datetime:
    try:
        value = parse_datetime(text(source, name))
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise Malformed(f"{name} is no time")
    return value
