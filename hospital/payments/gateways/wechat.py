"""WeChat Pay API v3, by H5: the payer leaves for its cashier and comes back to our page."""

import json
import logging
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from hospital.kernel.calendar import BEIJING
from hospital.kernel.outward import unavailable
from hospital.payments.gateways.keys import PARTNER, Keys, read_keys
from hospital.payments.gateways.library import Library
from hospital.payments.gateways.reading import outcome_in, payment_in, text
from hospital.payments.gateways.words import AlreadyPaid, Outcome, Payment
from hospital.payments.models import Charge, Refund

log = logging.getLogger(__name__)
PAID: Final = ("SUCCESS", "REFUND")
NO_SUCH_ORDER: Final = ("ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS")


class WeChat:
    def prepay(self, charge: Charge, *, ip: str) -> str:
        code, said = self._library.pay(
            description=charge.what,
            out_trade_no=charge.trade_no,
            amount={"total": charge.amount_fen, "currency": "CNY"},
            time_expire=charge.expires_at.astimezone(BEIJING).isoformat(timespec="seconds"),
            scene_info={"payer_client_ip": ip or "127.0.0.1", "h5_info": {"type": "Wap"}},
        )
        answer = _read(said)
        if code == 200:
            return _with_way_back(_known_cashier(text(answer, "h5_url")), charge)
        if answer.get("code") == "ORDERPAID":
            raise AlreadyPaid
        raise _refused("prepay", code, answer)

    def query(self, charge: Charge) -> Payment | None:
        code, said = self._library.query(out_trade_no=charge.trade_no)
        answer = _read(said)
        if code == 200:
            return payment_in(answer) if answer.get("trade_state") in PAID else None
        if answer.get("code") in NO_SUCH_ORDER:
            return None
        raise _refused("query", code, answer)

    def close(self, charge: Charge) -> None:
        code, said = self._library.close(charge.trade_no)
        answer = _read(said)
        if code == 204 or answer.get("code") in (*NO_SUCH_ORDER, "ORDER_CLOSED", "ORDERCLOSED"):
            return
        if answer.get("code") == "ORDERPAID":
            raise AlreadyPaid
        raise _refused("close", code, answer)

    def refund(self, refund: Refund) -> Outcome:
        charge = refund.charge
        code, said = self._library.refund(
            refund.refund_no,
            {"refund": refund.amount_fen, "total": charge.amount_fen, "currency": "CNY"},
            transaction_id=charge.transaction_id,
        )
        answer = _read(said)
        if code == 200:
            return outcome_in(answer, "status")
        if code == 429:
            raise unavailable(PARTNER)
        return Outcome("fail", str(answer.get("code", code))[:40])

    @property
    def merchant(self) -> tuple[str, str]:
        keys = self.keys
        return keys.mchid, keys.appid

    @property
    def keys(self) -> Keys:
        return _keys(Path(settings.WECHATPAY_KEYS))

    @property
    def _library(self) -> Library:
        return library(Path(settings.WECHATPAY_KEYS), settings.WECHATPAY_URL)


# An exception is not cached: keys that are not there yet are looked for again.
_keys = cache(read_keys)


@cache
def library(folder: Path, gateway: str) -> Library:
    notify_url = settings.PUBLIC_URL + reverse("payments:wechat")
    return Library(_keys(folder), gateway=gateway, notify_url=notify_url)


def _read(said: str) -> dict[str, Any]:
    try:
        answer = json.loads(said) if said else {}
    except ValueError:
        raise unavailable(PARTNER) from None
    return answer if isinstance(answer, dict) else {}


def _refused(call: str, code: int, answer: dict[str, Any]) -> Exception:
    """Nothing a payer can mend: it is said in the log, and to the payer as a silence."""
    log.error("wechat pay refused %s: %s %s", call, code, answer.get("code"))
    return unavailable(PARTNER)


def _known_cashier(address: str) -> str:
    """People are sent to WeChat's own cashier and nowhere else."""
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" not in settings.WECHATPAY_CASHIERS:
        log.error("wechat pay named an unknown cashier: %s", parts.netloc)
        raise unavailable(PARTNER)
    return address


def _with_way_back(address: str, charge: Charge) -> str:
    back = settings.PUBLIC_URL + reverse("payments:pay", args=[charge.public_id])
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'redirect_url': back})}"
