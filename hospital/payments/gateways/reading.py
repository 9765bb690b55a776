"""Reads what WeChat Pay wrote, and believes no more of its shape than it must."""

from datetime import datetime
from typing import Any, Final

from django.utils.dateparse import parse_datetime

from hospital.kernel.refusals import Refused
from hospital.payments.gateways.words import Outcome, Payment

STEPS: Final[dict[str, Any]] = {
    "SUCCESS": "finish",
    "PROCESSING": "send",
    "ABNORMAL": "fail",
    "CLOSED": "fail",
}


class Malformed(Refused):
    """Signed by the platform, and still not what it promised to send."""

    code = "news-malformed"


def payment_in(answer: Any) -> Payment:
    """The payment that a query or a notification tells of."""
    amount = answer.get("amount")
    return Payment(
        merchant=(text(answer, "mchid"), text(answer, "appid")),
        trade_no=text(answer, "out_trade_no"),
        transaction_id=text(answer, "transaction_id"),
        amount_fen=whole(amount, "total"),
        currency=text({"currency": "CNY", **amount}, "currency"),
        paid_at=moment(answer, "success_time"),
    )


def outcome_in(answer: Any, field: str) -> Outcome:
    status = text(answer, field)
    if status not in STEPS:
        raise Malformed(f"{field} {status[:20]}")
    return Outcome(STEPS[status], "" if STEPS[status] != "fail" else status)


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
