"""Knows whom the hospital's system has, and whom it was told of; of others it says nothing."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.page import page, table
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Shelf
from hospital.simulators.wishes import BadRequest, key_fits, wish_in

EIGHTEEN = ("id-card", "residence", "foreign")  # kinds whose number the hospital keeps as one


class RealNameService(Room):
    name = "realname"
    title = "实名核验"
    says = "姓名与证件是否一致：一致、不一致、查无此人"
    home = "/realname/"

    def __init__(
        self,
        settings: Settings,
        database: sqlite3.Connection,
        *,
        name_of: Callable[[str], str | None],
    ) -> None:
        """`name_of`: whose number this is, of eighteen places."""
        super().__init__()
        self._key = settings.real_name_key
        self._name_of = name_of
        self._people = Shelf(database, "realname.people")
        self.shelves = (self._people,)
        self.routes = [
            self.protocol("/realname/v1/checks", self.check, ["POST"]),
            Route("/realname/", self.register, methods=["GET"]),
            Route("/control/realname/people", self.tell, methods=["POST"]),
        ]

    def evidence(self, _query: QueryParams) -> dict[str, Any]:
        return {"people": list(self._people.values())}

    async def check(self, request: Request) -> Response:
        if not key_fits(request, self._key):
            return JSONResponse({"code": "INVALID_KEY", "message": "应用密钥有误"}, 401)
        try:
            wish = json.loads(await request.body())
            name, kind, number = (str(wish[each]) for each in ("name", "kind", "number"))
        except (ValueError, KeyError, TypeError):
            told = {"code": "INVALID_PARAMETER", "message": "需要 name、kind 与 number"}
            return JSONResponse(told, 400)
        known = self._known(kind, number)
        if known is None:
            return JSONResponse({"result": "unknown"})
        return JSONResponse({"result": "match" if known == name else "differs"})

    async def tell(self, request: Request) -> Response:
        """Put somebody into the register: `{"name", "kind", "number"}`."""
        wish = await wish_in(request)
        told = {each: str(wish.get(each) or "") for each in ("name", "kind", "number")}
        if not all(told.values()):
            raise BadRequest("name, kind and number are needed")
        self._people[f"{told['kind']} {told['number']}"] = told
        return JSONResponse(told, 201)

    async def register(self, _request: Request) -> Response:
        rows = ([each["name"], each["kind"], each["number"]] for each in self._people.values())
        nobody = "除了 HIS 里的患者，还没有登记别的人。"
        return page("实名核验 · 登记", table(["姓名", "证件类型", "证件号"], rows, nobody))

    def _known(self, kind: str, number: str) -> str | None:
        if told := self._people.get(f"{kind} {number}"):
            return str(told["name"])
        return self._name_of(number) if kind in EIGHTEEN and len(number) == 18 else None
