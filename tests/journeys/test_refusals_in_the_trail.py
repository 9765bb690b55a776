"""Refusals stand in the trail: of people one by one, of strangers summed up minute by minute."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from audit import services
from audit.models import Stranger
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from tests.make import sitting_of, staff

pytestmark = pytest.mark.django_db


def patient() -> User:
    return User.objects.create(phone="13900009999", roles=["patient"], password="!")


def test_an_object_that_is_missing_or_anothers_is_a_refusal_in_the_trail(trail):
    client = sitting_of(user := patient())
    for address in (f"/consultations/{uuid4()}/", f"/api/v1/consultations/{uuid4()}"):
        answer = client.get(address)
        assert answer.status_code == 404
        event = trail("door.refuse")[-1]
        assert (event.actor, event.outcome) == (user.public_id, "refused")
        assert event.facts["status"] == 404
        assert event.request_id == answer["X-Request-Id"]


def test_an_address_without_an_object_is_no_refusal(trail):
    assert sitting_of(patient()).get("/nowhere/").status_code == 404
    assert trail("door.refuse") == []


def test_a_person_without_the_role_is_a_refusal_each_time(trail):
    client = sitting_of(staff("keshi", "doctor"))
    for _ in range(3):
        assert client.get("/review/").status_code == 403
    assert len(trail("door.refuse")) == 3


def test_strangers_are_counted_and_become_one_event_a_minute(trail):
    for _ in range(5):
        assert Client().get("/api/v1/consultations").status_code == 401
        assert Client().get("/consultations/").status_code == 302
    assert trail("door.refuse") == []
    assert sum(Stranger.objects.values_list("count", flat=True)) == 10
    now = database_now()
    services.sum_strangers_up(at=now + timedelta(minutes=1))
    events = trail("door.refuse")
    assert sum(event.facts["count"] for event in events) == 10
    assert {event.facts["access"] for event in events} == {
        "consultation.read",
        "consultation.order",
    }
    assert {(event.ip, event.outcome) for event in events} == {("127.0.0.1", "refused")}
    assert not Stranger.objects.exists()


def test_the_minute_that_still_runs_is_not_summed_up(trail):
    Client().get("/api/v1/consultations")
    counted = Stranger.objects.get()
    services.sum_strangers_up(at=counted.minute + timedelta(seconds=59))
    assert Stranger.objects.exists()


def test_every_failed_sign_in_of_a_stranger_stands_by_itself(trail):
    staff("chenmo", "doctor")
    body = {"username": "chenmo", "password": "wrong", "otp": "000000"}
    for _ in range(3):
        answer = Client().post("/api/v1/sign-in/staff", body, content_type="application/json")
        assert answer.json()["code"] == "sign-in-failed"
    assert len(trail("account.sign-in-fail")) == 3
