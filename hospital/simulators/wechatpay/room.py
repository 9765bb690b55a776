"""WeChat Pay as one room: its books, its keys, and what follows a payment or a refund."""

import asyncio
import sqlite3
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response

from hospital.simulators.faults import CALLBACKS, FaultKind
from hospital.simulators.postman import Postman
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Item, Shelf
from hospital.simulators.wechatpay.keys import ensure_keys
from hospital.simulators.wechatpay.notifications import acknowledged, payment_news, refund_news
from hospital.simulators.wechatpay.orders import Orders
from hospital.simulators.wechatpay.refunds import Refunds

REFUND_TAKES_SECONDS = 1.0


class WeChatPay(Room):
    name = "wechatpay"
    title = "微信支付"
    says = "APIv3 下单、查询、关单、退款、账单；签名通知；收银台"
    home = "/wechatpay/"

    def __init__(self, settings: Settings, database: sqlite3.Connection) -> None:
        super().__init__(
            *CALLBACKS,
            FaultKind("wrong_amount", "count", "A notification that names one fen too much."),
            FaultKind(
                "refund_result",
                "value",
                "How a refund ends: SUCCESS, ABNORMAL, CLOSED, or PROCESSING (stays undecided).",
            ),
        )
        self.keys = ensure_keys(settings.keys)
        self.public_url = settings.public_url
        self.orders = Orders(Shelf(database, "wechatpay.orders"), self.keys)
        self.refunds = Refunds(Shelf(database, "wechatpay.refunds"), self.orders)
        self.shelves = (self.orders.shelf, self.refunds.shelf)
        self.postman = Postman(self, accepted=acknowledged)
        self._deciding: set[asyncio.Task[None]] = set()

    def refuse(self, status: int) -> Response:
        return JSONResponse({"code": "SYSTEM_ERROR", "message": "系统异常，请稍后再试"}, status)

    def evidence(self, query: QueryParams) -> dict[str, Any]:
        return {
            "orders": list(self.orders.shelf.values()),
            "refunds": list(self.refunds.shelf.values()),
        }

    def pay(self, out_trade_no: str) -> Item:
        """A person pays; the merchant hears of it by notification."""
        order = self.orders.pay(out_trade_no)
        self.tell_payment(order)
        return order

    def tell_payment(self, order: Item) -> None:
        news = payment_news(self.keys, self.faults, self.orders.transaction(order))
        self.postman.send(order["notify_url"], news)

    def settle_later(self, refund: Item) -> None:
        outcome = self.faults.take("refund_result") or "SUCCESS"
        if outcome != "PROCESSING":
            task = asyncio.create_task(self._settle(refund["out_refund_no"], outcome))
            self._deciding.add(task)
            task.add_done_callback(self._deciding.discard)

    async def _settle(self, out_refund_no: str, outcome: str) -> None:
        await asyncio.sleep(REFUND_TAKES_SECONDS)
        self.decide_refund(out_refund_no, outcome)

    def decide_refund(self, out_refund_no: str, status: str) -> Item:
        refund = self.refunds.decide(out_refund_no, status)
        if refund["notify_url"]:
            news = refund_news(self.keys, self.faults, self.refunds.told(refund))
            self.postman.send(refund["notify_url"], news)
        return refund
