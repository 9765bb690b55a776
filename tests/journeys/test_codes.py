"""Texted codes: one phone, one purpose, one browser, one use; counted before they are compared."""

import statistics
import threading
import time
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from hospital.accounts import codes, services
from hospital.accounts.models import Code, Guess, User
from hospital.kernel import context, normalise
from hospital.kernel.refusals import Refused
from hospital.notifications import gateways
from tests.conftest import NOON
from tests.make import sitting_of
from tests.races import at_once

pytestmark = pytest.mark.django_db
PHONE = "13800006620"


@pytest.fixture
def texts(monkeypatch):
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"].get("code")))
    )
    return sent


def other_than(digits):
    return "000000" if digits != "000000" else "111111"


def expired(work):
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code == "code-expired"


PURPOSES = ("sign-in", "link", "step-up", "phone-old", "phone-new")


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_code_for_one_purpose_serves_no_other(texts, purpose):
    code = codes.ask(PHONE, purpose=purpose, at=NOON)
    digits = texts[0][1]
    for other in set(PURPOSES) - {purpose}:
        assert expired(
            lambda other=other: codes.check(code.public_id, digits, purpose=other, at=NOON)
        )
    assert codes.check(code.public_id, digits, purpose=purpose, at=NOON) == PHONE


def test_a_code_of_another_browser_does_not_exist_and_costs_no_try(texts):
    code = codes.ask(PHONE, purpose="sign-in", device="mine", at=NOON)
    digits = texts[0][1]
    for device in ("another", ""):
        for _ in range(6):
            assert expired(
                lambda device=device: codes.check(
                    code.public_id, digits, purpose="sign-in", device=device, at=NOON
                )
            )
    assert codes.check(code.public_id, digits, purpose="sign-in", device="mine", at=NOON) == PHONE


def test_who_is_signed_in_has_a_code_for_this_session_alone(texts):
    with context.entering(context.RequestContext(session="a" * 64)):
        code = codes.ask(PHONE, purpose="link", at=NOON)
    digits = texts[0][1]
    with context.entering(context.RequestContext(session="b" * 64)):
        assert expired(lambda: codes.check(code.public_id, digits, purpose="link", at=NOON))
    with context.entering(context.RequestContext(session="a" * 64)):
        assert codes.check(code.public_id, digits, purpose="link", at=NOON) == PHONE


def test_a_code_that_was_read_out_opens_nothing_in_the_callers_browser(texts):
    """A caller who talks a patient out of a code cannot use it (ASVS 6.6.2)."""
    patient, caller = Client(), Client()
    asked = patient.post(
        "/api/v1/sign-in/code", {"phone": PHONE}, content_type="application/json"
    ).json()
    body = {"code_id": asked["code_id"], "code": texts[0][1]}
    caller.post(
        "/api/v1/sign-in/code", {"phone": PHONE[:-1] + "9"}, content_type="application/json"
    )
    refused = caller.post("/api/v1/sign-in", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "code-expired")
    opened = patient.post("/api/v1/sign-in", body, content_type="application/json")
    assert opened.status_code == 201


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_with_the_right_code_one_gets_in(texts):
    code = codes.ask(PHONE, purpose="sign-in", at=NOON)
    check = lambda: codes.check(code.public_id, texts[0][1], purpose="sign-in", at=NOON)  # noqa: E731
    outcomes = at_once(*[check] * 10)
    assert [outcome for outcome in outcomes if outcome == PHONE] == [PHONE]


@pytest.mark.django_db(transaction=True)
def test_looking_before_spending_would_let_two_in(texts, monkeypatch):
    """The negative control: whether it was used is read first, and written after."""
    together = threading.Barrier(2)

    def looks_first(code, at):
        is_unused = Code.objects.get(pk=code.pk).used_at is None
        together.wait()
        Code.objects.filter(pk=code.pk).update(used_at=at)
        return is_unused

    monkeypatch.setattr(codes, "_spent", looks_first)
    code = codes.ask(PHONE, purpose="sign-in", at=NOON)
    check = lambda: codes.check(code.public_id, texts[0][1], purpose="sign-in", at=NOON)  # noqa: E731
    assert at_once(check, check) == [PHONE, PHONE]


@pytest.mark.django_db(transaction=True)
def test_guessing_in_parallel_gains_no_sixth_try(texts):
    code = codes.ask(PHONE, purpose="sign-in", at=NOON)
    wrong = other_than(texts[0][1])
    guess = lambda: codes.check(code.public_id, wrong, purpose="sign-in", at=NOON)  # noqa: E731
    told = [outcome.code for outcome in at_once(*[guess] * 12)]
    assert (told.count("code-wrong"), told.count("code-expired")) == (5, 7)
    connections.close_all()
    assert Code.objects.get().tries == 5


@pytest.mark.parametrize(
    "typed",
    [
        "13800006620",
        "+86 138 0000 6620",
        "86 13800006620",
        "0086-138-0000-6620",
        "１３８００００６６２０",
        "＋８６１３８００００６６２０",
        " 138\u30000000\u00a06620 ",
        "(138) 0000-6620",
    ],
)
def test_a_phone_has_one_form_however_it_is_typed(typed):
    assert normalise.phone(typed) == PHONE


@pytest.mark.parametrize(
    "typed",
    ["", "1380000662", "138000066200", "12800006620", "+1 13800006620", "1380000662a", "٠١٢"],
)
def test_what_is_no_mainland_mobile_is_refused(typed):
    with pytest.raises(Refused) as refused:
        normalise.phone(typed)
    assert refused.value.code == "phone-malformed"


def answers_of(client, path, number):
    """What a door says to a number: status, and words without the ids that differ anyway."""
    answer = client.post(path, {"phone": number}, content_type="application/json")
    body = answer.json()
    said = (body["code"], body["message"]) if answer.status_code >= 400 else ()
    return answer.status_code, sorted(body), said


def test_known_and_unknown_numbers_hear_the_same_at_every_door(texts):
    services.register_patient("13800006621", at=NOON)
    known, unknown = "13800006621", "13800006629"
    mine = services.register_patient("13800006622", at=NOON)
    doors = {  # a code to sign in, a family member's, another phone of one's own
        "/api/v1/sign-in/code": Client(),
        "/api/v1/patients/codes": sitting_of(mine),
        "/api/v1/me/phone": sitting_of(mine),
    }
    for path, client in doors.items():
        first = answers_of(client, path, known)
        assert first[0] in {201, 202}, (path, first)
        if path == "/api/v1/me/phone":  # its other code goes to one's own number: once a minute
            Code.objects.all().delete()
            Guess.objects.all().delete()
        assert answers_of(client, path, unknown) == first, path
    assert {known, unknown} <= {phone for phone, _code in texts}
    nobody = {"code_id": str(uuid4()), "code": "123456"}
    assert (
        Client().post("/api/v1/sign-in", nobody, content_type="application/json").status_code == 400
    )


def test_known_and_unknown_numbers_take_about_as_long(texts, capsys):
    """Reported, and held to a wide bound only: a busy machine is no oracle either."""
    services.register_patient(PHONE, at=NOON)
    took = {"known": [], "unknown": []}
    for number in range(30):
        for which, phone in (("known", PHONE), ("unknown", f"139{number:08d}")):
            Code.objects.all().delete()
            Guess.objects.all().delete()
            began = time.perf_counter()
            codes.ask(phone, purpose="sign-in", at=NOON)
            took[which].append(time.perf_counter() - began)
    known, unknown = (statistics.median(took[which]) for which in ("known", "unknown"))
    with capsys.disabled():
        print(f"\ncode for a known number {known * 1000:.2f} ms, unknown {unknown * 1000:.2f} ms")
    assert 1 / 3 < known / unknown < 3
    assert User.objects.count() == 1
