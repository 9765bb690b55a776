"""The adapter of the verification service against the simulated one, over HTTP."""

import logging
from datetime import date
from urllib.parse import urlsplit

import httpx
import pytest

from hospital.kernel import outward
from hospital.kernel.documents import Document
from hospital.kernel.refusals import Unavailable
from patients.gateways import Service
from tests.his import WANG, running_world  # noqa: F401 - fixture

QIAN = "110108199507159985"


@pytest.fixture
def ask(running_world, settings):
    settings.REAL_NAME_URL = f"{running_world.url}/realname/v1/checks"
    settings.REAL_NAME_KEY = "demo-realname-key"
    settings.OUTWARD_HOSTS = [urlsplit(running_world.url).netloc, "127.0.0.1:9"]

    def agree(name, number=WANG, kind="id-card"):
        return Service().agree(name, Document(kind, number, date(1958, 6, 17), "female"))

    yield agree
    running_world.client.post("/control/realname/reset", json={"state": True})


def plan(running_world, **fault):
    running_world.client.post("/control/realname/faults", json=fault).raise_for_status()


def test_it_says_match_differs_or_unknown(ask, running_world):
    assert ask("王秀兰") is True
    assert ask("王秀芳") is False
    assert ask("钱新", QIAN) is None
    told = {"name": "钱新", "kind": "passport", "number": "E12345678"}
    running_world.client.post("/control/realname/people", json=told).raise_for_status()
    assert ask("钱新", "E12345678", "passport") is True
    assert ask("钱新", "E12345678", "hk-macao") is None, "another kind is another document"
    assert ask("王秀兰", WANG, "passport") is None


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 418}, {"malformed": 1}])
def test_what_is_no_answer_is_silence(ask, running_world, fault):
    plan(running_world, **fault)
    with pytest.raises(Unavailable):
        ask("王秀兰")


@pytest.mark.parametrize("body", [b"[]", b'"match"', b'{"result": "yes"}', b'{"result": []}'])
def test_a_word_that_was_not_agreed_on_is_silence(ask, monkeypatch, body):
    monkeypatch.setattr(outward, "request", lambda *_a, **_how: httpx.Response(200, content=body))
    with pytest.raises(Unavailable):
        ask("王秀兰")


def test_a_wrong_key_is_silence(ask, settings):
    settings.REAL_NAME_KEY = "another"
    with pytest.raises(Unavailable):
        ask("王秀兰")


def test_nobody_there_is_silence(ask, settings):
    settings.REAL_NAME_URL = "http://127.0.0.1:9/realname"
    with pytest.raises(Unavailable):
        ask("王秀兰")


def test_names_and_numbers_stand_in_no_address_and_no_log(ask, running_world, caplog):
    with caplog.at_level(logging.DEBUG):
        ask("王秀兰")
    [asked] = running_world.client.get("/control/realname/requests").json()["received"]
    assert asked["query"] == ""
    assert asked["path"] == "/realname/v1/checks"
    assert WANG in asked["body"]
    logged = caplog.text + repr([record.args for record in caplog.records])
    assert WANG not in logged
    assert "王秀兰" not in logged
