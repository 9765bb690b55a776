"""Where a person pays: one page, two buttons, no script; and the list of all orders."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from hospital.simulators.page import HEADERS, Markup, link, page, table, tag
from hospital.simulators.shelf import Item
from hospital.simulators.wechatpay.orders import DESCRIPTIONS
from hospital.simulators.wechatpay.refusals import PayRefused
from hospital.simulators.wechatpay.room import WeChatPay

TILL = "/wechatpay/cashier"
BUTTONS = Markup(
    '<form method="post"><button name="act" value="pay">支付</button>'
    '<button class="quiet" name="act" value="cancel">取消</button></form>'
)


def till_routes(room: WeChatPay) -> list[Route]:
    async def till(request: Request) -> Response:
        try:
            order = room.orders.find_by("prepay_id", _prepay_id(request))
            if request.method == "POST":
                return await _act(request, order)
        except PayRefused as refused:
            return page("收银台", tag("p", refused.message, "empty"), status=refused.status)
        return _till_page(order, request)

    async def _act(request: Request, order: Item) -> Response:
        paid = b"act=pay" in await request.body()
        if paid:
            order = room.pay(order["out_trade_no"])
        onward = _onward(request)
        if onward:
            # 303, so that the browser asks for the next page with GET.
            return RedirectResponse(onward, 303, HEADERS)
        if paid:
            return _till_page(order, request)
        return page("收银台", tag("p", "已取消，订单未支付。", "empty"))

    async def orders(_request: Request) -> Response:
        rows = (_row(order) for order in room.orders.shelf.newest_first())
        headings = ["时间", "商品", "金额（元）", "商户订单号", "状态"]
        return page("微信支付 · 订单", table(headings, rows, "还没有订单。"), refresh=5)

    return [
        Route("/wechatpay/", orders, methods=["GET"]),
        Route(TILL, till, methods=["GET", "POST"]),
        Route(f"{TILL}/{{prepay_id}}", till, methods=["GET", "POST"]),
    ]


def _prepay_id(request: Request) -> str:
    return request.path_params.get("prepay_id") or request.query_params.get("prepay_id", "")


def _onward(request: Request) -> str:
    """Where the merchant wants the person back: `redirect_url`, a web address or nothing."""
    wanted = request.query_params.get("redirect_url", "")
    return wanted if urlsplit(wanted).scheme in ("http", "https") else ""


def _till_page(order: Item, request: Request) -> Response:
    state = order["trade_state"]
    onward = _onward(request)
    below: object = BUTTONS if state == "NOTPAY" else tag("p", DESCRIPTIONS[state], "code")
    return page(
        "收银台",
        tag(
            "section",
            Markup(
                tag("p", "模拟支付，不会真的扣款", "soft")
                + tag("p", order["description"])
                + tag("p", f"¥{_yuan(order)}", "amount")
                + tag("p", f"订单号 {order['out_trade_no']}", "soft")
                + str(below)
                + (link(onward, "返回商户") if onward and state != "NOTPAY" else "")
            ),
            "card till",
        ),
    )


def _row(order: Item) -> list[object]:
    state: object = DESCRIPTIONS[order["trade_state"]]
    if order["trade_state"] == "NOTPAY":
        address = f"{TILL}?{urlencode({'prepay_id': order['prepay_id']})}"
        state = link(address, "去支付")
    moment = order["created_at"][5:16].replace("T", " ")
    return [moment, order["description"], _yuan(order), order["out_trade_no"], state]


def _yuan(order: Item) -> str:
    total = order["amount"]["total"]
    return f"{total // 100}.{total % 100:02d}"
