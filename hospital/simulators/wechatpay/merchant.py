"""The merchant's interface under /v3: every request must be signed, every answer is."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hospital.simulators.room import Endpoint
from hospital.simulators.wechatpay import bill
from hospital.simulators.wechatpay.orders import TRADE_TYPES
from hospital.simulators.wechatpay.refusals import PayRefused, bad_parameter
from hospital.simulators.wechatpay.room import WeChatPay
from hospital.simulators.wechatpay.signing import merchant_signed, platform_headers

Handler = Callable[[Request], Awaitable[Any]]


def merchant_routes(room: WeChatPay) -> list[Route]:
    async def prepay(request: Request) -> Any:
        kind = request.path_params["kind"]
        if kind not in TRADE_TYPES:
            raise PayRefused(404, "RESOURCE_NOT_EXISTS", "不支持的支付方式")
        order = room.orders.prepay(kind, await _wish(request))
        base = room.public_url or str(request.base_url).rstrip("/")
        till = f"{base}/wechatpay/cashier"
        match kind:
            case "native":
                return {"code_url": f"{till}/{order['prepay_id']}"}
            case "h5":
                return {"h5_url": f"{till}?prepay_id={order['prepay_id']}"}
            case _:
                return {"prepay_id": order["prepay_id"]}

    async def query(request: Request) -> Any:
        if request.query_params.get("mchid") != room.keys.mchid:
            raise bad_parameter("mchid 有误")
        if "number" in request.path_params:
            order = room.orders.find(request.path_params["number"])
        else:
            order = room.orders.find_by("transaction_id", request.path_params["id"])
        return room.orders.transaction(order)

    async def close(request: Request) -> Any:
        await _wish(request)
        room.orders.close(request.path_params["number"])
        return None

    async def refund(request: Request) -> Any:
        asked, is_new = room.refunds.ask(await _wish(request))
        told = room.refunds.told(asked)
        if is_new:
            room.settle_later(asked)
        return told

    async def query_refund(request: Request) -> Any:
        return room.refunds.told(room.refunds.find(request.path_params["number"]))

    async def trade_bill(request: Request) -> Any:
        day = request.query_params.get("bill_date", "")
        content = bill.trade_bill(room.keys, room.orders, room.refunds, day)
        zipped = request.query_params.get("tar_type") == "GZIP"
        return bill.ticket(str(request.base_url).rstrip("/"), day, content, zipped=zipped)

    async def download(request: Request) -> Response:
        day, packed = request.query_params.get("day", ""), request.query_params.get("tar_type")
        content = bill.trade_bill(room.keys, room.orders, room.refunds, day)
        return Response(bill.packed(content, zipped=packed == "GZIP"), media_type="text/csv")

    doors: list[tuple[str, str, Handler]] = [
        ("POST", "/v3/pay/transactions/{kind}", prepay),
        ("GET", "/v3/pay/transactions/out-trade-no/{number}", query),
        ("GET", "/v3/pay/transactions/id/{id}", query),
        ("POST", "/v3/pay/transactions/out-trade-no/{number}/close", close),
        ("POST", "/v3/refund/domestic/refunds", refund),
        ("GET", "/v3/refund/domestic/refunds/{number}", query_refund),
        ("GET", "/v3/bill/tradebill", trade_bill),
    ]
    return [
        *(room.protocol(path, _signed(room, handler), [verb]) for verb, path, handler in doors),
        room.protocol("/v3/billdownload/file", download, ["GET"]),
    ]


def _signed(room: WeChatPay, handler: Handler) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            await _check_signature(room, request)
            answer, status = await handler(request), 200
        except PayRefused as refused:
            answer = {"code": refused.code, "message": refused.message}
            status = refused.status
        if answer is None:
            return Response(b"", 204, platform_headers(room.keys, b""))
        body = json.dumps(answer, ensure_ascii=False).encode()
        headers = platform_headers(room.keys, body)
        return Response(body, status, headers, media_type="application/json")

    return endpoint


async def _check_signature(room: WeChatPay, request: Request) -> None:
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    authorization = request.headers.get("authorization", "")
    body = await request.body()
    if not merchant_signed(room.keys, authorization, request.method, path, body):
        raise PayRefused(401, "SIGN_ERROR", "签名错误")


async def _wish(request: Request) -> dict[str, Any]:
    try:
        wish = json.loads(await request.body())
    except ValueError as error:
        raise bad_parameter("请求体不是 JSON") from error
    if not isinstance(wish, dict):
        raise bad_parameter("请求体不是 JSON 对象")
    return wish
