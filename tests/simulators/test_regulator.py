"""The supervision platform: what it accepts, in which order, and from whom."""

import json
import time
import uuid

import pytest

from hospital.simulators.regulator.sm3 import canonical, hmac_sm3, sm3

from .conftest import faults

PATH = "/regulator/v1/messages"
VISIT = {
    "first_visit_org": "12110000400000001X",
    "first_visit_date": "2026-01-02",
    "original_dx": ["I10"],
    "evidence_types": ["his"],
    "doctor_verify": {"method": "totp", "time": "2026-02-02T09:00:00+08:00", "result": "pass"},
    "start": "2026-02-02T09:00:00+08:00",
    "end": "2026-02-02T09:20:00+08:00",
    "mode": "text",
    "outcome": "completed",
}


def envelope(kind, biz_id, payload, seq=1, op="UPSERT"):
    return {
        "msgId": str(uuid.uuid4()),
        "schema": f"{kind}/1",
        "orgCode": "12110000400000001X",
        "regNo": "PDY00000000000000000X1",
        "op": op,
        "bizId": biz_id,
        "bizTime": "2026-02-02T09:20:00+08:00",
        "seq": seq,
        "payload": payload,
        "prevHash": "0" * 64,
        "hash": sm3(canonical(payload)),
    }


def send(world, content, key="demo-regulator-key", at=None, nonce=None):
    body = json.dumps(content, ensure_ascii=False).encode()
    timestamp, nonce = str(int((at or time.time()) * 1000)), nonce or uuid.uuid4().hex
    signed = "\n".join(["hospital", timestamp, nonce, "POST", PATH, sm3(body)])
    headers = {
        "X-App-Id": "hospital",
        "X-Timestamp": timestamp,
        "X-Nonce": nonce,
        "X-Body-SM3": sm3(body),
        "X-Signature": hmac_sm3(key, signed),
    }
    return world.client.post(PATH, content=body, headers=headers).json()


@pytest.fixture
def visit_no():
    return f"V{uuid.uuid4().hex[:12]}"


def test_a_good_visit_gets_a_receipt_and_is_kept(world, visit_no):
    ack = send(world, envelope("VISIT", visit_no, {**VISIT, "visit_no": visit_no}))
    assert ack["code"] == 0
    assert ack["receiptNo"]

    kept = world.client.get(f"/control/regulator/received?stream={visit_no}").json()
    assert [each["receiptNo"] for each in kept["received"]] == [ack["receiptNo"]]
    assert visit_no in world.client.get("/regulator/").text


def test_sm3_is_the_standard_one():
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_a_stranger_an_old_letter_and_a_replay_are_refused(world, visit_no):
    content = envelope("VISIT", visit_no, {**VISIT, "visit_no": visit_no})
    assert send(world, content, key="another")["code"] == 1001
    assert send(world, content, at=time.time() - 301)["code"] == 1002
    assert send(world, content, nonce=visit_no)["code"] == 0
    assert send(world, content, nonce=visit_no)["code"] == 1003


def test_every_missing_field_is_named(world, visit_no):
    payload = {**VISIT, "visit_no": visit_no, "doctor_verify": {"method": "totp"}}
    ack = send(world, envelope("VISIT", visit_no, payload))
    assert ack["code"] == 2002
    assert ack["fields"] == ["doctor_verify.time", "doctor_verify.result"]


def test_codes_schemas_and_hashes_are_checked(world, visit_no):
    good = {**VISIT, "visit_no": visit_no}
    assert send(world, envelope("VISIT", visit_no, {**good, "mode": "smoke"}))["code"] == 2003
    assert send(world, envelope("WEATHER", visit_no, good))["code"] == 2001
    assert send(world, {**envelope("VISIT", visit_no, good), "hash": "0" * 64})["code"] == 2003


def test_what_must_come_before_is_asked_for(world, visit_no):
    rating = {"eval_no": "E1", "visit_no": visit_no, "satisfaction": 5, "score": 9}
    early = envelope("EVAL", f"E{visit_no}", rating)
    assert send(world, early)["code"] == 3001
    visit = envelope("VISIT", visit_no, {**VISIT, "visit_no": visit_no})
    assert [ack["code"] for ack in send(world, [visit, early])] == [0, 0]


def test_a_repetition_is_harmless_and_a_contradiction_is_not(world, visit_no):
    good = {**VISIT, "visit_no": visit_no}
    first = send(world, envelope("VISIT", visit_no, good))
    again = send(world, envelope("VISIT", visit_no, good))
    assert (again["code"], again["receiptNo"]) == (0, first["receiptNo"])

    other = {**good, "outcome": "refunded"}
    assert send(world, envelope("VISIT", visit_no, other))["code"] == 3002
    assert send(world, envelope("VISIT", visit_no, other, seq=2))["code"] == 0
    assert send(world, envelope("VISIT", "unknown", {}, op="CANCEL") | {"payload": {"a": 1}})[
        "code"
    ]


def test_it_can_lose_its_answer_after_accepting(world, visit_no):
    faults(world, "regulator", code=2002)
    content = envelope("VISIT", visit_no, {**VISIT, "visit_no": visit_no})
    assert send(world, content)["code"] == 2002
    assert send(world, content)["code"] == 0
