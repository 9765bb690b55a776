"""The courier company: takes orders, moves parcels, and calls back signed at every step."""

import asyncio
import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hospital.simulators.courier.parcels import SAYS, add_event, parcel_from, steps_to
from hospital.simulators.faults import CALLBACKS
from hospital.simulators.page import page, table
from hospital.simulators.postman import Compose, Letter, Postman
from hospital.simulators.room import Room
from hospital.simulators.settings import Settings
from hospital.simulators.shelf import Item, Shelf
from hospital.simulators.wishes import BadRequest, key_fits, wish_in


class Courier(Room):
    name = "courier"
    title = "快递"
    says = "运单、轨迹与签名回调"
    home = "/courier/"

    def __init__(self, settings: Settings, database: sqlite3.Connection) -> None:
        super().__init__(*CALLBACKS)
        self._key = settings.courier_key
        self._parcels = Shelf(database, "courier.parcels")
        self.shelves = (self._parcels,)
        self._postman = Postman(self)
        self._moving: set[asyncio.Task[None]] = set()
        self.routes = [
            self.protocol("/courier/orders", self.create, ["POST"]),
            self.protocol("/courier/orders/{waybill}", self.track, ["GET"]),
            self.protocol("/courier/orders/{waybill}/cancel", self.cancel, ["POST"]),
            Route("/courier/", self.list_parcels, methods=["GET"]),
            Route("/control/courier/advance", self.advance_on_wish, methods=["POST"]),
        ]

    def evidence(self, query: QueryParams) -> dict[str, Any]:
        return {"parcels": list(self._parcels.values())}

    async def create(self, request: Request) -> Response:
        """The same order_no again gets the same waybill."""
        self._check_key(request)
        wish = await wish_in(request)
        for known in self._parcels.values():
            if known["order_no"] == wish.get("order_no"):
                return JSONResponse(known)
        parcel = parcel_from(wish)
        self._parcels[parcel["waybill"]] = parcel
        if seconds := wish.get("auto_advance_seconds"):
            task = asyncio.create_task(self._move_by_itself(parcel["waybill"], float(seconds)))
            self._moving.add(task)
            task.add_done_callback(self._moving.discard)
        return JSONResponse(parcel, 201)

    async def track(self, request: Request) -> Response:
        self._check_key(request)
        return JSONResponse(self._find(request.path_params["waybill"]))

    async def cancel(self, request: Request) -> Response:
        self._check_key(request)
        return JSONResponse(self.advance(request.path_params["waybill"], "cancelled"))

    async def advance_on_wish(self, request: Request) -> Response:
        wish = await wish_in(request)
        return JSONResponse(self.advance(str(wish.get("waybill")), str(wish.get("to"))))

    def advance(self, waybill: str, target: str) -> Item:
        """Move through every step up to `target`; the callbacks arrive in that order."""
        parcel = self._find(waybill)
        events = [add_event(parcel, step) for step in steps_to(parcel["status"], target)]
        self._parcels[waybill] = parcel
        if parcel["callback_url"]:
            self._postman.send(parcel["callback_url"], *(self._news(event) for event in events))
        return parcel

    async def list_parcels(self, _request: Request) -> Response:
        rows = (
            [
                each["waybill"],
                each["order_no"],
                f"{each['receiver']['name']} {each['receiver']['address']}",
                SAYS[each["status"]],
            ]
            for each in self._parcels.newest_first()
        )
        headings = ["运单号", "商户单号", "收件人", "状态"]
        return page("快递 · 运单", table(headings, rows, "还没有运单。"), refresh=5)

    async def _move_by_itself(self, waybill: str, seconds: float) -> None:
        for target in ("collected", "in_transit", "delivered"):
            await asyncio.sleep(seconds)
            try:
                self.advance(waybill, target)
            except BadRequest:
                return  # A person was faster, or the order was cancelled.

    def _news(self, event: Item) -> Compose:
        body = json.dumps(event, ensure_ascii=False).encode()

        def compose(*, wrong_signature: bool) -> Letter:
            timestamp, nonce = str(int(time.time())), secrets.token_hex(16)
            signed = f"{timestamp}\n{nonce}\n".encode() + body + (b"?" if wrong_signature else b"")
            return Letter(
                {
                    "Content-Type": "application/json",
                    "X-Courier-Timestamp": timestamp,
                    "X-Courier-Nonce": nonce,
                    "X-Courier-Signature": hmac.new(
                        self._key.encode(), signed, hashlib.sha256
                    ).hexdigest(),
                },
                body,
            )

        return compose

    def _check_key(self, request: Request) -> None:
        if not key_fits(request, self._key):
            raise BadRequest("X-App-Key does not fit", 401)

    def _find(self, waybill: str) -> Item:
        parcel = self._parcels.get(waybill)
        if parcel is None:
            raise BadRequest("no such waybill", 404)
        return parcel
