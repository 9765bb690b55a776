"""A till for tests: a payer, a thing to pay for, and a gateway that answers as told."""

import base64
import itertools
import json
import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.refusals import Unavailable
from hospital.payments import hooks, services
from hospital.payments.gateways import AlreadyPaid, Outcome, Payment
from hospital.payments.models import Charge, Refund
from hospital.simulators.wechatpay.keys import Keys
from hospital.simulators.wechatpay.signing import ALGORITHM, sealed
from tests.conftest import NOON

KIND = "tests"
WORDS = hooks.Words("王秀兰（母亲）", [("医生", "陈思远 主任医师")], "/me/")
_phones = itertools.count(13900000000)


@dataclass
class Room:
    """The room above, as payments sees it. It locks the payer, for want of a thing of its own."""

    wants: bool = True
    heard: list[str] = field(default_factory=list)

    def open(self) -> "Room":
        hooks.register(
            KIND,
            lock=lambda subject: User.objects.select_for_update().get(public_id=subject),
            settled=self.settled,
            refunded=lambda refund, at: self.heard.append("refunded"),
            closed=lambda charge, at: self.heard.append("closed"),
            words=lambda charge: hooks.Words(
                "王秀兰（母亲）", [("医生", "陈思远 主任医师")], "/me/"
            ),
        )
        return self

    def settled(self, charge: Charge, at: datetime) -> bool:
        self.heard.append("settled")
        return self.wants


class Gateway:
    """A payment platform in memory. `silent` is how many calls go unanswered."""

    merchant = ("1900000109", "wxd678efh567hg6787")

    def __init__(self) -> None:
        self.silent = 0
        self.loses = 0  # answers lost after the work is done
        self.calls: list[str] = []
        self.paid: dict[str, Payment] = {}
        self.refunded: dict[str, int] = {}  # refund number: fen
        self.refund_outcome = Outcome("finish")

    def prepay(self, charge: Charge, *, ip: str) -> str:
        self._called("prepay")
        if charge.trade_no in self.paid:
            raise AlreadyPaid
        return f"https://cashier.example/{charge.trade_no}"

    def query(self, charge: Charge) -> Payment | None:
        self._called("query")
        return self.paid.get(charge.trade_no)

    def close(self, charge: Charge) -> None:
        self._called("close")
        if charge.trade_no in self.paid:
            raise AlreadyPaid

    def refund(self, refund: Refund) -> Outcome:
        self._called("refund")
        self.refunded[refund.refund_no] = refund.amount_fen
        self._lose()
        return self.refund_outcome

    def pays(self, charge: Charge, **other: object) -> Payment:
        """The payer pays; we have not heard of it yet."""
        self.paid[charge.trade_no] = payment_of(charge, **other)
        return self.paid[charge.trade_no]

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.silent:
            self.silent -= 1
            raise Unavailable("silent")

    def _lose(self) -> None:
        if self.loses:
            self.loses -= 1
            raise Unavailable("lost")


def payer() -> User:
    return User.objects.create(
        phone=str(next(_phones)), name="王立", roles=[Role.PATIENT], password="!"
    )


def charge_of(user: User, *, fen: int = 8000, minutes: int = 15, at: datetime = NOON) -> Charge:
    return services.open_charge(
        KIND,
        user.public_id,
        payer=user,
        about=uuid.uuid4(),
        stream=uuid.uuid4(),
        what="在线复诊",
        amount_fen=fen,
        expires_at=at + timedelta(minutes=minutes),
        at=at,
    )


def settle(charge: Charge, *, at: datetime = NOON, **other: object) -> Charge:
    told = {
        "transaction_id": f"42{charge.pk:026d}",
        "amount_fen": charge.amount_fen,
        "currency": "CNY",
        "paid_at": at,
    } | other
    return services.settle(charge.trade_no, **told, at=at)


def payment_of(charge: Charge, **other: object) -> Payment:
    told = {
        "merchant": Gateway.merchant,
        "trade_no": charge.trade_no,
        "transaction_id": f"42{charge.pk:026d}",
        "amount_fen": charge.amount_fen,
        "currency": "CNY",
        "paid_at": NOON,
    }
    return Payment(**(told | other))


def paid_letter(keys: Keys, charge: Charge, *, amount: dict | None = None, **other: object) -> dict:
    """What WeChat Pay tells of a payment, before it is sealed."""
    return {
        "appid": keys.appid,
        "mchid": keys.mchid,
        "out_trade_no": charge.trade_no,
        "transaction_id": f"42{charge.pk:026d}",
        "trade_state": "SUCCESS",
        "success_time": "2026-03-10T12:00:00+08:00",
        "amount": {"total": charge.amount_fen, "currency": "CNY"} | (amount or {}),
    } | other


def refund_letter(keys: Keys, refund: Refund, *, status: str = "SUCCESS", **other: object) -> dict:
    return {
        "mchid": keys.mchid,
        "out_trade_no": refund.charge.trade_no,
        "out_refund_no": refund.refund_no,
        "refund_status": status,
        "amount": {"total": refund.charge.amount_fen, "refund": refund.amount_fen},
    } | other


def signed(
    keys: Keys, event: str, content: dict, *, at: datetime, news_id: str = ""
) -> tuple[bytes, dict[str, str]]:
    """A notification as WeChat Pay sends it: body and headers."""
    body = json.dumps(
        {
            "id": news_id or secrets.token_hex(16),
            "event_type": event,
            "resource_type": "encrypt-resource",
            "resource": sealed(keys, event.partition(".")[0].lower(), content),
        }
    ).encode()
    return body, signature(keys, body, at=at)


def signature(keys: Keys, body: bytes, *, at: datetime) -> dict[str, str]:
    stamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": keys.platform_id,
        "Wechatpay-Signature": base64.b64encode(
            keys.platform.sign(text, PKCS1v15(), SHA256())
        ).decode(),
        "Wechatpay-Signature-Type": ALGORITHM,
    }
