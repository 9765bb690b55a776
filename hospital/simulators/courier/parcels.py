"""A parcel's way, step by step, in the order in which a courier can take it."""

import secrets
from typing import Any

from hospital.simulators import clock
from hospital.simulators.shelf import Item
from hospital.simulators.wishes import BadRequest

WAY = ("created", "collected", "in_transit", "delivered")
ENDS = ("delivered", "returned", "cancelled")
SAYS = {
    "created": "已下单，等待揽收",
    "collected": "快递员已揽收",
    "in_transit": "快件运输中，正发往目的地",
    "delivered": "已签收",
    "returned": "收件人拒收，已退回寄件人",
    "cancelled": "寄件人已取消",
}
PARTY = ("name", "phone", "address")


def parcel_from(wish: dict[str, Any]) -> Item:
    """A fresh parcel; refuses an order in which somebody could not be found."""
    for party in ("sender", "receiver"):
        told = wish.get(party)
        if not isinstance(told, dict) or not all(told.get(field) for field in PARTY):
            raise BadRequest(f"{party}: name, phone and address are needed")
    if not wish.get("order_no"):
        raise BadRequest("order_no is needed")
    parcel = {
        "waybill": f"SF{secrets.randbelow(10**13):013d}",
        "order_no": str(wish["order_no"]),
        "status": "",
        "sender": wish["sender"],
        "receiver": wish["receiver"],
        "items": wish.get("items") or [],
        "cold_chain": bool(wish.get("cold_chain")),
        "callback_url": str(wish.get("callback_url", "")),
        "events": [],
    }
    add_event(parcel, "created")
    return parcel


def steps_to(status: str, target: str) -> list[str]:
    """What still happens before `target` is reached; refuses what can no longer happen."""
    if status in ENDS:
        raise BadRequest(f"already {status}", 409)
    if target == "cancelled":
        if status != "created":
            raise BadRequest("already collected", 409)
        return ["cancelled"]
    end = "in_transit" if target == "returned" else target
    if end not in WAY or (end == target and WAY.index(end) <= WAY.index(status)):
        raise BadRequest(f"cannot go from {status} to {target}", 409)
    steps = list(WAY[WAY.index(status) + 1 : WAY.index(end) + 1])
    return [*steps, "returned"] if target == "returned" else steps


def add_event(parcel: Item, status: str) -> Item:
    event = {
        "event_id": secrets.token_hex(16),
        "waybill": parcel["waybill"],
        "order_no": parcel["order_no"],
        "status": status,
        "at": clock.written(clock.now()),
        "description": SAYS[status],
    }
    if status == "delivered":
        event["signed_by"] = parcel["receiver"]["name"]
    parcel["status"] = status
    parcel["events"].append(event)
    return event
