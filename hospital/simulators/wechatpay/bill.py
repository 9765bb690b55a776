"""The trade bill of a day, for whoever compares WeChat's books with his own."""

import csv
import gzip
import hashlib
import io
from collections.abc import Iterator

from hospital.simulators.shelf import Item
from hospital.simulators.wechatpay.keys import Keys
from hospital.simulators.wechatpay.orders import PAID, Orders
from hospital.simulators.wechatpay.refunds import Refunds

COLUMNS = (
    "交易时间", "公众账号ID", "商户号", "特约商户号", "设备号", "微信订单号", "商户订单号",
    "用户标识", "交易类型", "交易状态", "付款银行", "货币种类", "应结订单金额", "代金券金额",
    "微信退款单号", "商户退款单号", "退款金额", "充值券退款金额", "退款类型", "退款状态",
    "商品名称", "商户数据包", "手续费", "费率", "订单金额", "申请退款金额", "费率备注",
)  # fmt: skip
TOTALS = (
    "总交易单数", "应结订单总金额", "退款总金额", "充值券退款总金额", "手续费总金额",
    "订单总金额", "申请退款总金额",
)  # fmt: skip


def trade_bill(keys: Keys, orders: Orders, refunds: Refunds, day: str) -> bytes:
    """Every cell but a heading begins with a backtick, as in the real file."""
    paid = [
        order
        for order in orders.shelf.values()
        if order["trade_state"] in PAID and order["success_time"].startswith(day)
    ]
    returned = [
        refund
        for refund in refunds.shelf.values()
        if refund["success_time"].startswith(day) and day
    ]
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    table.writerows(_marked(_line(keys, order, None)) for order in paid)
    table.writerows(
        _marked(_line(keys, orders.find(refund["out_trade_no"]), refund)) for refund in returned
    )
    taken = _yuan(sum(order["amount"]["total"] for order in paid))
    given = _yuan(sum(refund["refund"] for refund in returned))
    table.writerow(TOTALS)
    totals = [str(len(paid) + len(returned)), taken, given, "0.00", "0.00000", taken, given]
    table.writerow(_marked(totals))
    return out.getvalue().encode()


def ticket(base: str, day: str, content: bytes, *, zipped: bool) -> dict[str, str]:
    suffix = "&tar_type=GZIP" if zipped else ""
    return {
        "hash_type": "SHA1",
        # The interface names SHA-1; it guards against a torn download, not against people.
        "hash_value": hashlib.sha1(content, usedforsecurity=False).hexdigest(),
        "download_url": f"{base}/v3/billdownload/file?day={day}{suffix}",
    }


def packed(content: bytes, *, zipped: bool) -> bytes:
    return gzip.compress(content) if zipped else content


def _line(keys: Keys, order: Item, refund: Item | None) -> list[str]:
    total = _yuan(order["amount"]["total"])
    back = _yuan(refund["refund"]) if refund else "0.00"
    told = refund or {"refund_id": "0", "out_refund_no": "0", "status": ""}
    moment = (refund or order)["success_time"][:19].replace("T", " ")
    return [
        moment, keys.appid, keys.mchid, "0", "", order["transaction_id"], order["out_trade_no"],
        order["openid"], order["trade_type"], "REFUND" if refund else "SUCCESS", "OTHERS", "CNY",
        "0.00" if refund else total, "0.00", told["refund_id"], told["out_refund_no"], back,
        "0.00", "ORIGINAL" if refund else "", told["status"], order["description"],
        order["attach"], "0.00000", "0.60%", "0.00" if refund else total, back, "",
    ]  # fmt: skip


def _marked(cells: list[str]) -> Iterator[str]:
    return (f"`{cell}" for cell in cells)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
