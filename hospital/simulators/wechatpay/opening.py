"""Opens the WeChat Pay room with all its doors, and the hands that pay and decide for scripts."""

import sqlite3

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.settings import Settings
from hospital.simulators.wechatpay.merchant import merchant_routes
from hospital.simulators.wechatpay.room import WeChatPay
from hospital.simulators.wechatpay.till import till_routes
from hospital.simulators.wishes import BadRequest, wish_in


def open_room(settings: Settings, database: sqlite3.Connection) -> WeChatPay:
    room = WeChatPay(settings, database)
    room.routes = [*merchant_routes(room), *till_routes(room), *_hands(room)]
    return room


def _hands(room: WeChatPay) -> list[Route]:
    async def pay(request: Request) -> Response:
        wish = await wish_in(request)
        return JSONResponse(room.pay(str(wish.get("out_trade_no", ""))))

    async def notify(request: Request) -> Response:
        wish = await wish_in(request)
        order = room.orders.find(str(wish.get("out_trade_no", "")))
        if not order["transaction_id"]:
            raise BadRequest("not paid yet")
        room.tell_payment(order)
        return JSONResponse(order)

    async def refund(request: Request) -> Response:
        wish = await wish_in(request)
        number, status = str(wish.get("out_refund_no", "")), str(wish.get("status", "SUCCESS"))
        return JSONResponse(room.decide_refund(number, status))

    return [
        Route("/control/wechatpay/pay", pay, methods=["POST"]),
        Route("/control/wechatpay/notify", notify, methods=["POST"]),
        Route("/control/wechatpay/refund", refund, methods=["POST"]),
    ]
