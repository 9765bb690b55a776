"""The sealed, signed news of a payment or a refund, as the merchant's callback gets it."""

import json
import uuid

import httpx

from hospital.simulators import clock
from hospital.simulators.faults import Faults
from hospital.simulators.postman import Compose, Letter
from hospital.simulators.shelf import Item
from hospital.simulators.wechatpay.keys import Keys
from hospital.simulators.wechatpay.signing import platform_headers, sealed

SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
}


def acknowledged(response: httpx.Response) -> bool:
    """204, or 200 with nothing in it or with the code SUCCESS."""
    if response.status_code == 204:
        return True
    if response.status_code != 200:
        return False
    try:
        return not response.content or response.json().get("code") == "SUCCESS"
    except (ValueError, AttributeError):
        return False


def payment_news(keys: Keys, faults: Faults, transaction: Item) -> Compose:
    return _news(keys, faults, "TRANSACTION.SUCCESS", "transaction", transaction)


def refund_news(keys: Keys, faults: Faults, refund: Item) -> Compose:
    content = {
        "mchid": keys.mchid,
        **{key: value for key, value in refund.items() if key in _REFUND_FIELDS},
        "refund_status": refund["status"],
        "amount": {
            key: refund["amount"][key] for key in ("total", "refund", "payer_total", "payer_refund")
        },
    }
    return _news(keys, faults, f"REFUND.{refund['status']}", "refund", content)


_REFUND_FIELDS = (
    "out_trade_no",
    "transaction_id",
    "out_refund_no",
    "refund_id",
    "success_time",
    "user_received_account",
)


def _news(keys: Keys, faults: Faults, event: str, original_type: str, content: Item) -> Compose:
    # One id for all attempts: it is by this that a merchant knows a repetition.
    news_id, created = str(uuid.uuid4()), clock.written(clock.now())

    def compose(*, wrong_signature: bool) -> Letter:
        told = dict(content)
        if faults.take("wrong_amount"):
            told["amount"] = {**content["amount"], "total": content["amount"]["total"] + 1}
        body = json.dumps(
            {
                "id": news_id,
                "create_time": created,
                "resource_type": "encrypt-resource",
                "event_type": event,
                "summary": SUMMARIES[event],
                "resource": sealed(keys, original_type, told),
            },
            ensure_ascii=False,
        ).encode()
        signed = platform_headers(keys, body, wrong=wrong_signature)
        return Letter({"Content-Type": "application/json", **signed}, body)

    return compose
