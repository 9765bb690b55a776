"""The front page: the six rooms, the demonstration logins with their codes, the control calls."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.page import Markup, join, link, page, table, tag
from hospital.simulators.room import Room
from hospital.simulators.totp import seconds_left, totp

COMMON_CALLS = (
    ("GET、POST、DELETE", "/faults", '查看、安排、清除故障，例如 {"status": 503, "times": 3}'),
    ("GET", "/received", "该系统的业务留存，供核对"),
    ("GET", "/requests", "收到的原始请求"),
    ("GET", "/sent", "发出的回调及结果"),
    ("POST", "/reset", '清除故障与记录；{"state": true} 连同业务数据'),
)
OWN_CALLS = (
    ("POST", "/control/his/patients", '新建虚构患者，例如 {"diagnosis": "I10", "days_ago": 40}'),
    ("POST", "/control/his/stock", '{"medicine": "YP0001", "on_hand": 0}'),
    ("POST", "/control/wechatpay/pay", '{"out_trade_no": "…"}'),
    ("POST", "/control/wechatpay/notify", '再次通知 {"out_trade_no": "…"}'),
    ("POST", "/control/wechatpay/refund", '{"out_refund_no": "…", "status": "SUCCESS"}'),
    ("GET", "/control/sms/messages?phone=", "短信列表"),
    ("POST", "/control/courier/advance", '{"waybill": "…", "to": "delivered"}'),
    ("GET", "/control/regulator/received?bizId=&stream=", "已受理的上报"),
    ("POST", "/control/realname/people", '{"name": "…", "kind": "id-card", "number": "…"}'),
    ("GET", "/control/totp", "演示账号与当前动态码"),
)


def index_routes(rooms: Sequence[Room], demo_file: Path) -> list[Route]:
    async def index(_request: Request) -> Response:
        left = seconds_left(time.time())
        return page(
            "演示环境的外部世界",
            tag("div", join(map(_card, rooms)), "cards"),
            tag("h2", f"演示账号（动态码 {left} 秒后更换）"),
            table(
                ["角色", "姓名", "账号", "密码", "动态码"],
                map(_login, demo_logins(demo_file)),
                "演示数据还没有准备好。",
            ),
            tag("h2", "控制接口：每个系统都有"),
            table(
                ["方法", "路径", "说明"],
                (
                    [verb, _code(f"/control/<系统>{path}"), says]
                    for verb, path, says in COMMON_CALLS
                ),
                "",
            ),
            tag("h2", "控制接口：各系统自己的"),
            table(["方法", "路径", "说明"], ([v, _code(p), s] for v, p, s in OWN_CALLS), ""),
            tag("h2", "可以安排的故障"),
            table(["系统", "名称", "写法", "含义"], _faults(rooms), ""),
            refresh=min(left, 10),
        )

    async def codes(_request: Request) -> Response:
        left = seconds_left(time.time())
        return JSONResponse({"seconds_left": left, "logins": demo_logins(demo_file)})

    return [
        Route("/", index, methods=["GET"]),
        Route("/control/totp", codes, methods=["GET"]),
    ]


def demo_logins(demo_file: Path) -> list[dict[str, Any]]:
    """The logins that the platform's seed wrote, each with its code of this moment."""
    try:
        rows = json.loads(demo_file.read_text(encoding="utf-8")).get("logins", [])
    except (OSError, ValueError, AttributeError):
        return []
    now = time.time()
    return [
        {**row, "totp": totp(row["totp_secret"], now) if row.get("totp_secret") else ""}
        for row in rows
    ]


def _card(room: Room) -> Markup:
    body = tag("h2", link(room.home, room.title)) + tag("p", room.says)
    return tag("section", Markup(body + tag("p", _code(f"/control/{room.name}/"), "soft")), "card")


def _login(row: dict[str, Any]) -> list[object]:
    return [
        row.get("role_label") or row.get("role", ""),
        row.get("name", ""),
        row.get("username") or row.get("phone", ""),
        row.get("password", ""),
        tag("span", row["totp"] or "短信验证码", "code" if row["totp"] else "soft"),
    ]


def _faults(rooms: Sequence[Room]) -> list[list[object]]:
    shared = set.intersection(*(set(room.faults.kinds.values()) for room in rooms))
    told = [("全部", kind) for kind in rooms[0].faults.kinds.values() if kind in shared]
    for room in rooms:
        told += [(room.title, k) for k in room.faults.kinds.values() if k not in shared]
    return [
        [
            where,
            _code(kind.name),
            "次数" if kind.takes == "count" else "取值，另给 times",
            kind.says,
        ]
        for where, kind in told
    ]


def _code(text: str) -> Markup:
    return tag("code", text)
