"""The supervision platform as one room: signed messages in, receipts out, a page for inspectors."""

import json
import sqlite3
from itertools import groupby
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators import clock
from hospital.simulators.faults import FaultKind
from hospital.simulators.page import page, table, tag
from hospital.simulators.regulator.register import Register, Verdict
from hospital.simulators.regulator.signature import SignatureCheck
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Item, Shelf

PATH = "/regulator/v1/messages"
SAYS = {1001: "签名有误", 1002: "时间戳超出 300 秒", 1003: "随机数重复"}
NAMES = {
    "VISIT": "诊疗",
    "RX_ISSUE": "处方",
    "RX_REVIEW": "审方",
    "DISPENSE": "调剂",
    "DELIVERY": "配送",
    "EVAL": "评价",
    "ORDER": "订单",
    "PAYMENT": "收费",
    "EMR": "病历",
    "COMPLAINT": "投诉",
    "ADE": "不良事件",
    "AUDIT_ANCHOR": "审计锚点",
}


class Regulator(Room):
    name = "regulator"
    title = "监管平台"
    says = "互联网诊疗监管数据上报与回执"
    home = "/regulator/"

    def __init__(self, settings: Settings, database: sqlite3.Connection) -> None:
        super().__init__(
            FaultKind("code", "value", "Accept nothing and answer every message with this code.")
        )
        self._signature = SignatureCheck(settings.regulator_key)
        self._register = Register(Shelf(database, "regulator.accepted"))
        self.routes = [
            self.protocol(PATH, self.receive, ["POST"]),
            Route("/regulator/", self.inspect, methods=["GET"]),
        ]

    def refuse(self, status: int) -> Response:
        return JSONResponse(_ack("", Verdict(5000, "监管平台繁忙")), status)

    def reset(self) -> None:
        self._register.clear()

    def evidence(self, query: QueryParams) -> dict[str, Any]:
        accepted = self._register.accepted(query.get("bizId", ""), query.get("stream", ""))
        counts: dict[str, int] = {}
        for kept in accepted:
            counts[kept["kind"]] = counts.get(kept["kind"], 0) + 1
        return {"received": accepted, "counts": counts}

    async def receive(self, request: Request) -> Response:
        """One envelope gets one acknowledgement, an array an array in the same order."""
        body = await request.body()
        code = self._signature.code(request.headers, "POST", request.url.path, body)
        if code:
            return JSONResponse(_ack("", Verdict(code, SAYS[code])), 401)
        try:
            content = json.loads(body)
        except ValueError:
            return JSONResponse(_ack("", Verdict(2002, "不是 JSON", ("envelope",))), 400)
        if isinstance(content, list):
            return JSONResponse([self._acknowledge(each) for each in content])
        return JSONResponse(self._acknowledge(content))

    def _acknowledge(self, envelope: Any) -> Item:
        planned = self.faults.take("code")
        verdict = Verdict(planned, "故障演练") if planned else self._register.take(envelope)
        msg_id = str(envelope.get("msgId", "")) if isinstance(envelope, dict) else ""
        return _ack(msg_id, verdict)

    async def inspect(self, request: Request) -> Response:
        accepted = self._register.accepted(stream=request.query_params.get("stream", ""))
        accepted.sort(key=lambda kept: str(kept["stream"]))
        groups = [(visit, list(kept)) for visit, kept in groupby(accepted, _visit)]
        groups.sort(key=lambda group: str(group[1][-1]["receivedAt"]), reverse=True)
        if not groups:
            return page("监管平台", tag("p", "还没有收到数据。", "empty"), refresh=5)
        parts: list[object] = []
        for visit, kept in groups[:100]:
            parts.append(tag("h2", f"诊疗 {visit}" if visit else "机构与其他数据"))
            parts.append(table(["时间", "类型", "业务编号", "序号", "状态"], map(_row, kept), ""))
        return page("监管平台", *parts, refresh=5)


def _ack(msg_id: str, verdict: Verdict) -> Item:
    ack: Item = {
        "msgId": msg_id,
        "code": verdict.code,
        "message": verdict.message,
        "serverTime": clock.written(clock.now()),
        "receiptNo": verdict.receipt,
    }
    if verdict.fields:
        ack["fields"] = list(verdict.fields)
    return ack


def _visit(kept: Item) -> str:
    return str(kept["stream"])


def _row(kept: Item) -> list[object]:
    return [
        str(kept["receivedAt"])[5:19].replace("T", " "),
        NAMES.get(kept["kind"], kept["kind"]),
        kept["envelope"]["bizId"],
        kept["envelope"]["seq"],
        "已撤销" if kept["cancelled"] else "已受理",
    ]
