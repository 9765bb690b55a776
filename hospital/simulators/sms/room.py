"""The carrier and all its handsets: a message is sent once per id and shown newest first."""

import json
import re
import sqlite3
import uuid
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators import clock
from hospital.simulators.page import page, table
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Item, Shelf
from hospital.simulators.wishes import key_fits

_PHONE = re.compile(r"1[3-9]\d{9}")
SHOWN = 200


class SmsCarrier(Room):
    name = "sms"
    title = "短信"
    says = "收件箱：平台发出的每一条短信"
    home = "/sms/"

    def __init__(self, settings: Settings, database: sqlite3.Connection) -> None:
        super().__init__()
        self._key = settings.sms_key
        self._messages = Shelf(database, "sms.messages")
        self.shelves = (self._messages,)
        self.routes = [
            self.protocol("/sms/send", self.send, ["POST"]),
            Route("/sms/", self.inbox, methods=["GET"]),
            Route("/control/sms/messages", self.messages, methods=["GET"]),
        ]

    def evidence(self, query: QueryParams) -> dict[str, Any]:
        return {"messages": self._newest_first(query.get("phone", ""))}

    async def send(self, request: Request) -> Response:
        """A repeated id is answered like the first time and sent no second time."""
        if not key_fits(request, self._key):
            return _refusal(401, "INVALID_KEY", "应用密钥有误")
        try:
            wish = json.loads(await request.body())
            phone, text, sms_id = str(wish["phone"]), str(wish["text"]), str(wish["id"])
        except (ValueError, KeyError, TypeError):
            return _refusal(400, "INVALID_PARAMETER", "需要 phone、text 与 id")
        if not _PHONE.fullmatch(phone):
            return _refusal(400, "INVALID_PHONE", "手机号码有误")
        if sms_id not in self._messages:
            self._messages[sms_id] = {
                "id": sms_id,
                "message_id": uuid.uuid4().hex,
                "at": clock.written(clock.now()),
                "phone": phone,
                "template": str(wish.get("template", "")),
                "params": wish.get("params") or {},
                "text": text,
            }
        message_id = self._messages[sms_id]["message_id"]
        return JSONResponse({"code": "OK", "message_id": message_id, "id": sms_id})

    async def messages(self, request: Request) -> Response:
        return JSONResponse(self.evidence(request.query_params))

    async def inbox(self, request: Request) -> Response:
        phone = request.query_params.get("phone", "")
        rows = (
            [item["at"][5:19].replace("T", " "), item["phone"], item["text"]]
            for item in self._newest_first(phone)[:SHOWN]
        )
        return page(
            "短信收件箱", table(["时间", "手机号", "内容"], rows, "还没有短信。"), refresh=3
        )

    def _newest_first(self, phone: str) -> list[Item]:
        return [item for item in self._messages.newest_first() if phone in ("", item["phone"])]


def _refusal(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)
