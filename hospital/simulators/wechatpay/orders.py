"""Orders from prepay to paid or closed, kept under the merchant's own order number."""

import re
import secrets
from datetime import datetime
from typing import Any

from hospital.simulators import clock
from hospital.simulators.shelf import Item, Shelf
from hospital.simulators.wechatpay.keys import Keys
from hospital.simulators.wechatpay.refusals import PayRefused, bad_parameter

TRADE_TYPES = {"jsapi": "JSAPI", "native": "NATIVE", "h5": "MWEB", "app": "APP"}
DESCRIPTIONS = {
    "SUCCESS": "支付成功",
    "NOTPAY": "订单未支付",
    "CLOSED": "订单已关闭",
    "REFUND": "转入退款",
}
PAID = ("SUCCESS", "REFUND")
_ORDER_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_SAME_ON_REPEAT = ("amount", "trade_type", "openid")


class Orders:
    def __init__(self, shelf: Shelf, keys: Keys) -> None:
        self.shelf = shelf
        self._keys = keys

    def prepay(self, kind: str, wish: dict[str, Any]) -> Item:
        """A new order, or the same one again; refuses a number that means something else."""
        order = self._order_from(kind, wish)
        known = self.shelf.get(order["out_trade_no"])
        if known is None:
            self.shelf[order["out_trade_no"]] = order
            return order
        if known["trade_state"] in PAID:
            raise PayRefused(400, "ORDERPAID", "该订单已支付")
        if known["trade_state"] == "CLOSED":
            raise PayRefused(400, "ORDER_CLOSED", "该订单已关闭")
        if any(known[field] != order[field] for field in _SAME_ON_REPEAT):
            raise PayRefused(403, "OUT_TRADE_NO_USED", "商户订单号重复")
        return known

    def _order_from(self, kind: str, wish: dict[str, Any]) -> Item:
        if wish.get("mchid") != self._keys.mchid or wish.get("appid") != self._keys.appid:
            raise PayRefused(400, "APPID_MCHID_NOT_MATCH", "AppID 和 mch_id 不匹配")
        number, amount = str(wish.get("out_trade_no", "")), wish.get("amount") or {}
        total = amount.get("total")
        if not _ORDER_NUMBER.fullmatch(number):
            raise bad_parameter("商户订单号应为 6 至 32 个字符")
        if not isinstance(total, int) or isinstance(total, bool) or total <= 0:
            raise bad_parameter("订单总金额应为正整数（分）")
        for field in ("description", "notify_url"):
            if not wish.get(field):
                raise bad_parameter(f"缺少参数 {field}")
        openid = (wish.get("payer") or {}).get("openid", "")
        if kind == "jsapi" and not openid:
            raise bad_parameter("缺少参数 payer.openid")
        return {
            "out_trade_no": number,
            "prepay_id": f"wx{clock.now():%d%H%M%S}{secrets.token_hex(12)}",
            "transaction_id": "",
            "trade_type": TRADE_TYPES[kind],
            "trade_state": "NOTPAY",
            "description": str(wish["description"]),
            "attach": str(wish.get("attach", "")),
            "notify_url": str(wish["notify_url"]),
            "amount": {"total": total, "currency": amount.get("currency", "CNY")},
            "openid": openid,
            "time_expire": str(wish.get("time_expire", "")),
            "created_at": clock.written(clock.now()),
            "success_time": "",
        }

    def find(self, out_trade_no: str) -> Item:
        order = self.shelf.get(out_trade_no)
        if order is None:
            raise PayRefused(404, "ORDER_NOT_EXIST", "订单不存在")
        if order["trade_state"] == "NOTPAY" and _is_past(order["time_expire"]):
            order["trade_state"] = "CLOSED"
            self.shelf[out_trade_no] = order
        return order

    def find_by(self, field: str, value: str) -> Item:
        for order in self.shelf.values():
            if value and order[field] == value:
                return self.find(order["out_trade_no"])
        raise PayRefused(404, "ORDER_NOT_EXIST", "订单不存在")

    def pay(self, out_trade_no: str) -> Item:
        order = self.find(out_trade_no)
        if order["trade_state"] != "NOTPAY":
            raise PayRefused(400, "ORDER_CLOSED", DESCRIPTIONS[order["trade_state"]])
        order |= {
            "trade_state": "SUCCESS",
            "transaction_id": f"4200{clock.now():%Y%m%d}{secrets.randbelow(10**16):016d}",
            "success_time": clock.written(clock.now()),
            "openid": order["openid"] or f"o{secrets.token_hex(13)}",
        }
        self.shelf[out_trade_no] = order
        return order

    def close(self, out_trade_no: str) -> None:
        order = self.find(out_trade_no)
        if order["trade_state"] in PAID:
            raise PayRefused(400, "ORDERPAID", "订单已支付，不能关闭")
        order["trade_state"] = "CLOSED"
        self.shelf[out_trade_no] = order

    def transaction(self, order: Item) -> Item:
        """The order as a query and a notification tell it."""
        told = {
            "appid": self._keys.appid,
            "mchid": self._keys.mchid,
            "out_trade_no": order["out_trade_no"],
            "trade_type": order["trade_type"],
            "trade_state": order["trade_state"],
            "trade_state_desc": DESCRIPTIONS[order["trade_state"]],
            "attach": order["attach"],
            "amount": dict(order["amount"]),
        }
        if order["trade_state"] in PAID:
            told |= {
                "transaction_id": order["transaction_id"],
                "bank_type": "OTHERS",
                "success_time": order["success_time"],
                "payer": {"openid": order["openid"]},
            }
            told["amount"] |= {
                "payer_total": order["amount"]["total"],
                "payer_currency": order["amount"]["currency"],
            }
        return told


def _is_past(written: str) -> bool:
    if not written:
        return False
    try:
        return datetime.fromisoformat(written) < clock.now()
    except (ValueError, TypeError):
        return False
