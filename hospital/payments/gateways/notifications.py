"""Reads a notification of WeChat Pay: signed by it, just now, and opened with our key."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _
from wechatpayv3.utils import aes_decrypt

from hospital.kernel.refusals import Refused
from hospital.payments.gateways.reading import Malformed, outcome_in, payment_in, text, whole
from hospital.payments.gateways.wechat import WeChat, library
from hospital.payments.gateways.words import Payment, RefundNews

WINDOW: Final = timedelta(minutes=5)  # either way: a replayed letter is an old letter


class Forged(Refused):
    code = "signature"
    status = 401


@dataclass(frozen=True)
class News:
    gateway: str
    id: str
    kind: str
    digest: str
    content: Payment | RefundNews | None  # None: of a kind that does not concern us


def read(headers: Mapping[str, str], raw: bytes, *, at: datetime) -> News:
    """Refuses what WeChat Pay did not sign within five minutes of `at`, before looking inside."""
    stamp = headers.get("Wechatpay-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        raise _forged()
    if abs(at.timestamp() - int(stamp)) > WINDOW.total_seconds():
        raise _forged()
    try:
        body = raw.decode()
    except UnicodeDecodeError:
        raise _forged() from None
    if not library(Path(settings.WECHATPAY_KEYS), settings.WECHATPAY_URL).signed(headers, body):
        raise _forged()
    letter = _json(body)
    kind = text(letter, "event_type")
    content = _content(kind, _opened(letter.get("resource")))
    return News(
        "wechat", text(letter, "id")[:64], kind[:32], hashlib.sha256(raw).hexdigest(), content
    )


def _content(kind: str, told: dict[str, Any]) -> Payment | RefundNews | None:
    match kind.partition(".")[0]:
        case "TRANSACTION" if kind == "TRANSACTION.SUCCESS":
            return payment_in(told)
        case "REFUND":
            amount = told.get("amount")
            return RefundNews(
                mchid=text(told, "mchid"),
                trade_no=text(told, "out_trade_no"),
                refund_no=text(told, "out_refund_no"),
                amount_fen=whole(amount, "refund"),
                total_fen=whole(amount, "total"),
                outcome=outcome_in(told, "refund_status"),
            )
    return None


def _opened(resource: Any) -> dict[str, Any]:
    if not isinstance(resource, dict) or resource.get("algorithm") != "AEAD_AES_256_GCM":
        raise Malformed("resource")
    try:
        plain = aes_decrypt(
            nonce=text(resource, "nonce"),
            ciphertext=text(resource, "ciphertext"),
            associated_data=resource.get("associated_data") or "",
            apiv3_key=WeChat().keys.apiv3_key,
        )
    except ValueError:
        plain = None
    if plain is None:
        raise Malformed("ciphertext")
    return _json(plain)


def _json(body: str) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise Malformed("JSON") from None
    if not isinstance(value, dict):
        raise Malformed("JSON")
    return value


def _forged() -> Forged:
    return Forged(_("签名不对，或者通知已经过时。"))
