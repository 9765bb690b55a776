"""The carrier sends once; the courier moves parcels in order and signs what it says."""

import hashlib
import hmac
import json
import time

import pytest

ORDER = {
    "sender": {"name": "互联网医院药房", "phone": "13900000000", "address": "北京市海淀区"},
    "receiver": {"name": "王秀兰", "phone": "13800006620", "address": "北京市朝阳区"},
    "items": [{"name": "苯磺酸氨氯地平片", "quantity": 2}],
}
KEY = {"X-App-Key": "demo-courier-key"}


@pytest.fixture
def parcel(world, ear):
    wish = {**ORDER, "order_no": f"D{time.monotonic_ns()}", "callback_url": ear.url}
    return world.client.post("/courier/orders", json=wish, headers=KEY).raise_for_status().json()


def advance(world, parcel, target):
    wish = {"waybill": parcel["waybill"], "to": target}
    return world.client.post("/control/courier/advance", json=wish)


def test_a_parcel_goes_every_step_and_each_is_signed(world, parcel, ear):
    advance(world, parcel, "delivered")
    statuses = []
    for headers, body in ear.wait(3):
        signed = f"{headers['X-Courier-Timestamp']}\n{headers['X-Courier-Nonce']}\n".encode() + body
        expected = hmac.new(b"demo-courier-key", signed, hashlib.sha256).hexdigest()
        assert headers["X-Courier-Signature"] == expected
        statuses.append(json.loads(body)["status"])
    assert statuses == ["collected", "in_transit", "delivered"]

    tracked = world.client.get(f"/courier/orders/{parcel['waybill']}", headers=KEY).json()
    assert tracked["status"] == "delivered"
    assert advance(world, parcel, "returned").status_code == 409


def test_the_same_order_gets_the_same_waybill(world, parcel):
    wish = {**ORDER, "order_no": parcel["order_no"]}
    again = world.client.post("/courier/orders", json=wish, headers=KEY)
    assert (again.status_code, again.json()["waybill"]) == (200, parcel["waybill"])


def test_a_parcel_may_move_by_itself(world, ear):
    wish = {**ORDER, "order_no": "AUTO1", "callback_url": ear.url, "auto_advance_seconds": 0.05}
    world.client.post("/courier/orders", json=wish, headers=KEY).raise_for_status()
    assert json.loads(ear.wait(3)[-1][1])["status"] == "delivered"


def test_a_collected_parcel_cannot_be_cancelled(world, parcel, ear):
    advance(world, parcel, "collected")
    refused = world.client.post(f"/courier/orders/{parcel['waybill']}/cancel", headers=KEY)
    assert refused.status_code == 409


def test_strangers_are_turned_away(world):
    assert world.client.post("/courier/orders", json=ORDER).status_code == 401
    assert world.client.post("/sms/send", json={"phone": "13800006620"}).status_code == 401


def test_a_message_is_sent_once_and_shown_as_text(world):
    wish = {"id": "m1", "phone": "13800006627", "text": "<script>验证码"}
    for _ in range(2):
        world.client.post("/sms/send", json=wish, headers={"X-App-Key": "demo-sms-key"})
    page = world.client.get("/sms/?phone=13800006627").text
    assert page.count("验证码") == 1
    assert "<script>" not in page
