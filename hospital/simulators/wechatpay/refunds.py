"""Refunds: accepted at once, decided a moment later, and never more than was paid."""

import secrets
from typing import Any

from hospital.simulators import clock
from hospital.simulators.shelf import Item, Shelf
from hospital.simulators.wechatpay.orders import PAID, Orders
from hospital.simulators.wechatpay.refusals import PayRefused, bad_parameter

DECISIONS = ("SUCCESS", "ABNORMAL", "CLOSED")


class Refunds:
    def __init__(self, shelf: Shelf, orders: Orders) -> None:
        self.shelf = shelf
        self._orders = orders

    def ask(self, wish: dict[str, Any]) -> tuple[Item, bool]:
        """The refund and whether it is new; the same number again never refunds twice."""
        number = str(wish.get("out_refund_no", ""))
        amount = wish.get("amount") or {}
        asked = amount.get("refund")
        if not number or not isinstance(asked, int) or isinstance(asked, bool) or asked <= 0:
            raise bad_parameter("退款单号或退款金额有误")
        order = self._order_of(wish)
        known = self.shelf.get(number)
        if known is not None:
            if known["out_trade_no"] != order["out_trade_no"] or known["refund"] != asked:
                raise PayRefused(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致")
            return known, False
        if order["trade_state"] not in PAID:
            raise PayRefused(400, "INVALID_REQUEST", "订单未支付，不能退款")
        if amount.get("total") != order["amount"]["total"]:
            raise PayRefused(400, "INVALID_REQUEST", "订单金额与原订单不一致")
        if self._spent(order["out_trade_no"]) + asked > order["amount"]["total"]:
            raise PayRefused(400, "INVALID_REQUEST", "申请退款金额大于订单剩余可退金额")
        refund = {
            "out_refund_no": number,
            "refund_id": f"5030{clock.now():%Y%m%d}{secrets.randbelow(10**16):016d}",
            "out_trade_no": order["out_trade_no"],
            "transaction_id": order["transaction_id"],
            "refund": asked,
            "reason": str(wish.get("reason", "")),
            "notify_url": str(wish.get("notify_url", "")),
            "status": "PROCESSING",
            "created_at": clock.written(clock.now()),
            "success_time": "",
        }
        self.shelf[number] = refund
        order["trade_state"] = "REFUND"
        self._orders.shelf[order["out_trade_no"]] = order
        return refund, True

    def find(self, out_refund_no: str) -> Item:
        refund = self.shelf.get(out_refund_no)
        if refund is None:
            raise PayRefused(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
        return refund

    def decide(self, out_refund_no: str, status: str) -> Item:
        refund = self.find(out_refund_no)
        if status not in DECISIONS:
            raise bad_parameter(f"status: {', '.join(DECISIONS)}")
        refund["status"] = status
        refund["success_time"] = clock.written(clock.now()) if status == "SUCCESS" else ""
        self.shelf[out_refund_no] = refund
        return refund

    def told(self, refund: Item) -> Item:
        """The refund as an answer tells it; a notification renames the state and adds the mchid."""
        total = self._orders.find(refund["out_trade_no"])["amount"]["total"]
        told = {
            "refund_id": refund["refund_id"],
            "out_refund_no": refund["out_refund_no"],
            "transaction_id": refund["transaction_id"],
            "out_trade_no": refund["out_trade_no"],
            "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱",
            "create_time": refund["created_at"],
            "status": refund["status"],
            "funds_account": "AVAILABLE",
            "amount": {
                "total": total,
                "refund": refund["refund"],
                "payer_total": total,
                "payer_refund": refund["refund"],
                "settlement_total": total,
                "settlement_refund": refund["refund"],
                "discount_refund": 0,
                "currency": "CNY",
            },
        }
        if refund["success_time"]:
            told["success_time"] = refund["success_time"]
        return told

    def _order_of(self, wish: dict[str, Any]) -> Item:
        if wish.get("transaction_id"):
            return self._orders.find_by("transaction_id", str(wish["transaction_id"]))
        return self._orders.find(str(wish.get("out_trade_no", "")))

    def _spent(self, out_trade_no: str) -> int:
        return sum(
            refund["refund"]
            for refund in self.shelf.values()
            if refund["out_trade_no"] == out_trade_no and refund["status"] != "CLOSED"
        )
