"""Who walks the journey while the platform is killed under them."""

import httpx
import pytest

from hospital.demo.journey import person as walking
from hospital.demo.journey.person import Mismatch, Person


def walker(monkeypatch, answers, *, perseveres=True):
    """A person whose platform gives these answers to POST, one after another."""
    left = iter(answers)

    def answer(request):
        if request.method == "GET":
            return httpx.Response(200, json={"state": "signed", "read": request.url.path})
        said = next(left)
        if isinstance(said, Exception):
            raise said
        return httpx.Response(said[0], json=said[1])

    real = httpx.Client
    monkeypatch.setattr(walking.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(
        walking.httpx, "Client", lambda **how: real(transport=httpx.MockTransport(answer), **how)
    )
    return Person("http://platform.example", "陈医生", perseveres=perseveres)


BEHIND = (409, {"code": "wrong-state", "facts": {"state": "signed", "step": "sign"}})
AWAY = httpx.ConnectError("killed")


def test_a_step_whose_answer_was_lost_is_read_from_the_thing_itself(monkeypatch):
    who = walker(monkeypatch, [AWAY, BEHIND])
    assert who.post("/api/v1/prescriptions/1/sign")["read"] == "/api/v1/prescriptions/1"


def test_a_step_that_was_answered_and_is_behind_is_a_mismatch(monkeypatch):
    with pytest.raises(Mismatch, match="wrong-state"):
        walker(monkeypatch, [BEHIND]).post("/api/v1/prescriptions/1/sign")


def test_another_conflict_after_a_lost_answer_is_a_mismatch(monkeypatch):
    other = (409, {"code": "already-open"})
    with pytest.raises(Mismatch, match="already-open"):
        walker(monkeypatch, [AWAY, other]).post("/api/v1/consultations")


def test_who_does_not_persevere_asks_once(monkeypatch):
    who = walker(monkeypatch, [AWAY, BEHIND], perseveres=False)
    with pytest.raises(httpx.ConnectError):
        who.post("/api/v1/prescriptions/1/sign")
