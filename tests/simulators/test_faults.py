"""Misbehaviour on request, the same in every room."""

import time

import httpx
import pytest

from .conftest import faults

SMS = {"phone": "13800006620", "template": "code", "params": {}, "text": "验证码 123456"}
KEY = {"X-App-Key": "demo-sms-key"}


def send(world, sms_id):
    return world.client.post("/sms/send", json={**SMS, "id": sms_id}, headers=KEY)


def messages(world, sms_id):
    told = world.client.get("/control/sms/messages?phone=13800006620").json()["messages"]
    return [each for each in told if each["id"] == sms_id]


def test_a_refused_request_does_nothing(world):
    faults(world, "sms", status=503, times=2)
    assert [send(world, "s1").status_code for _ in range(3)] == [503, 503, 200]
    assert len(messages(world, "s1")) == 1


def test_a_lost_answer_leaves_its_work_done(world):
    faults(world, "sms", lose_answer=1)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, "s2")
    assert send(world, "s2").status_code == 200
    assert len(messages(world, "s2")) == 1


def test_a_malformed_answer_cannot_be_read(world):
    faults(world, "his", malformed=1)
    answer = world.client.get("/fhir/Patient/sun-yue")
    with pytest.raises(ValueError):
        answer.json()


def test_half_an_answer_and_then_silence(world):
    faults(world, "his", half_answer=1)
    with pytest.raises(httpx.ReadTimeout):
        world.client.get("/fhir/Patient/sun-yue", timeout=0.3)


def test_an_answer_may_take_its_time(world):
    faults(world, "sms", delay_ms=300)
    began = time.monotonic()
    send(world, "s3")
    assert time.monotonic() - began >= 0.3


def test_a_fault_may_wait_for_one_path_only(world):
    faults(world, "his", status=500, path="/fhir/Observation")
    assert world.client.get("/fhir/Patient/sun-yue").status_code == 200
    assert world.client.get("/fhir/Observation?patient=sun-yue").status_code == 500


def test_an_unknown_fault_is_refused_with_the_known_ones(world):
    answer = world.client.post("/control/sms/faults", json={"explode": 1})
    assert answer.status_code == 400
    assert "delay_ms" in answer.json()["error"]
