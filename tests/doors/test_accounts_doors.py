"""Signing in and out, over HTTP as browsers and programs do it."""

import json
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from hospital.accounts import factors, guesses, services
from hospital.accounts.models import Device, Sitting, User
from hospital.kernel.clock import database_now
from hospital.kernel.idempotency import Once
from hospital.notifications import gateways
from hospital.notifications.models import Notice
from hospital.notifications.services import notify
from tests.conftest import NOON
from tests.make import sitting_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret"


@pytest.fixture
def texts(monkeypatch):
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"]["code"]))
    )
    return sent


@pytest.fixture
def dr_chen():
    user = services.add_staff(
        "chensiyuan", name="陈思远", password=PASSWORD, roles=["doctor"], by=None, at=NOON
    )
    factors.enrol(user)
    return user


def otp_of(user, *, ahead=0):
    return pyotp.TOTP(user.factor.secret).at(database_now() + timedelta(seconds=ahead))


def post(client, path, body, **headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def test_a_patient_signs_in_by_pages(texts):
    browser = Client()
    assert (
        browser.post("/sign-in/", {"phone": "１３８ ００００ ６６２０"})["Location"]
        == "/sign-in/code/?next=/"
    )
    answer = browser.post("/sign-in/code/", {"code": texts[0][1], "next": "/inbox/"})
    assert (answer.status_code, answer["Location"]) == (302, "/inbox/")
    assert browser.get("/inbox/").status_code == 200


def test_a_program_signs_in_by_json(texts):
    program = Client()
    asked = post(program, "/api/v1/sign-in/code", {"phone": "13800006620"})
    assert asked.status_code == 201
    body = {"code_id": asked.json()["code_id"], "code": texts[0][1]}
    assert post(program, "/api/v1/sign-in", body).status_code == 201
    assert program.get("/api/v1/session").json()["roles"] == ["patient"]
    assert program.delete("/api/v1/session").status_code == 204
    assert program.get("/api/v1/session").json()["signed_in"] is False


def test_a_wrong_code_is_told_in_words_and_what_was_typed_stays(texts):
    browser = Client()
    browser.post("/sign-in/", {"phone": "13800006620"})
    wrong = "000000" if texts[0][1] != "000000" else "111111"
    answer = browser.post("/sign-in/code/", {"code": wrong})
    assert answer.status_code == 422
    assert "验证码不对" in answer.content.decode()
    assert wrong in answer.content.decode()


@pytest.mark.parametrize("phone", ["", "123", "2380000662", "1380000662０１"])
def test_a_malformed_phone_is_told_beside_its_field(texts, phone):
    answer = Client().post("/sign-in/", {"phone": phone})
    assert answer.status_code == 422
    assert texts == []
    refused = post(Client(), "/api/v1/sign-in/code", {"phone": phone})
    assert (refused.status_code, refused.json()["code"]) == (400, "malformed")
    assert "phone" in refused.json()["facts"]["fields"]


def test_known_and_unknown_phones_get_the_same_answer(texts):
    User.objects.create(phone="13800006620", roles=["patient"], password="!")
    answers = [
        post(Client(), "/api/v1/sign-in/code", {"phone": phone}).json()
        for phone in ("13800006620", "13800006621")
    ]
    assert answers[0].keys() == answers[1].keys()


def test_staff_sign_in_by_page_and_by_json(dr_chen):
    form = {"username": "chensiyuan", "password": PASSWORD, "otp": otp_of(dr_chen)}
    answer = Client().post("/sign-in/staff/", form)
    assert answer.status_code == 302
    again = form | {"otp": otp_of(dr_chen, ahead=30)}
    assert post(Client(), "/api/v1/sign-in/staff", again).status_code == 201


@pytest.mark.parametrize("left_out", ["username", "password", "otp"])
def test_staff_cannot_leave_one_of_the_three_out(dr_chen, left_out):
    form = {"username": "chensiyuan", "password": PASSWORD, "otp": otp_of(dr_chen)}
    del form[left_out]
    assert Client().post("/sign-in/staff/", form).status_code == 422
    assert post(Client(), "/api/v1/sign-in/staff", form).status_code == 400
    assert not Sitting.objects.filter(user=dr_chen).exists()


def test_the_admin_leads_to_the_same_sign_in():
    answer = Client().get("/admin/")
    assert answer["Location"].startswith("/sign-in/")
    assert Client().post("/admin/login/", {"username": "x", "password": "y"}).status_code in {
        302,
        404,
    }


@pytest.mark.parametrize(
    "wish",
    ["//evil.example", "/\\evil.example", "https://evil.example", "https:evil", "javascript:1"],
)
def test_after_signing_in_one_stays_here(texts, wish):
    browser = Client()
    browser.post("/sign-in/", {"phone": "13800006620"})
    answer = browser.post("/sign-in/code/", {"code": texts[0][1], "next": wish})
    assert answer["Location"] == "/"


def test_a_new_device_is_told_of_in_the_inbox_and_the_first_is_not(texts, trail):
    for number, browser in enumerate((Client(), Client())):
        guesses.forget(guesses.CODE_EACH_MINUTE, "13800006620", "sign-in")
        browser.post("/sign-in/", {"phone": "13800006620"})
        browser.post("/sign-in/code/", {"code": texts[number][1]})
    assert Device.objects.count() == 2
    assert trail().count("account.new-device") == 1


def test_the_session_cookie_is_worth_nothing_as_it_stands_in_the_database(dr_chen):
    client = sitting_of(dr_chen)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    stored = Sitting.objects.get(user=dr_chen).pk
    assert key not in stored
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = stored
    assert thief.get("/api/v1/session").json()["signed_in"] is False


def test_one_can_end_ones_other_sessions_and_nobody_elses(dr_chen):
    here, there = sitting_of(dr_chen), sitting_of(dr_chen)
    stranger = User.objects.create(phone="13800006699", roles=["patient"], password="!")
    elsewhere = sitting_of(stranger)
    foreign = Sitting.objects.get(user=stranger)
    assert here.post(f"/me/sittings/{foreign.public_id}/end/").status_code == 404
    other = Sitting.objects.filter(user=dr_chen).order_by("-pk").last()
    assert here.post(f"/me/sittings/{other.public_id}/end/").status_code in {302, 200}
    alive = [c.get("/api/v1/session").json()["signed_in"] for c in (here, there, elsewhere)]
    assert sorted(alive) == [False, True, True]


@pytest.mark.parametrize(("idle", "alive"), [(-1, False), (30, True)])
def test_an_idle_session_ends(dr_chen, idle, alive):
    client = sitting_of(dr_chen)
    Sitting.objects.update(idle_at=database_now() + timedelta(seconds=idle))
    assert client.get("/api/v1/session").json()["signed_in"] is alive


@pytest.mark.parametrize(("headers", "woken"), [({}, True), ({"X-Background": "1"}, False)])
def test_what_a_person_does_keeps_them_signed_in_and_what_a_page_polls_does_not(
    dr_chen, headers, woken
):
    client, before = sitting_of(dr_chen), database_now() - timedelta(minutes=5)
    Sitting.objects.update(seen_at=before)
    client.get("/api/v1/session", headers=headers)
    assert (Sitting.objects.get().seen_at > before) is woken


def test_a_disabled_account_is_out_at_once(dr_chen):
    client = sitting_of(dr_chen)
    admin = services.add_staff(
        "sys", name="安平", password=PASSWORD, roles=["system_admin"], by=None, at=NOON
    )
    services.disable(dr_chen, by=admin, at=NOON, why="left")
    assert client.get("/api/v1/session").json()["signed_in"] is False
    assert post(client, "/api/v1/verify", {"otp": "000000"}).status_code == 401


def test_without_the_csrf_token_nothing_is_done(texts):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post("/sign-in/", {"phone": "13800006620"}).status_code == 403
    refused = post(careful, "/api/v1/sign-in/code", {"phone": "13800006620"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    careful.get("/api/v1/session")
    token = careful.cookies[settings.CSRF_COOKIE_NAME].value
    assert (
        post(
            careful, "/api/v1/sign-in/code", {"phone": "13800006620"}, X_CSRFToken=token
        ).status_code
        == 201
    )
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        ("{", 400, "malformed"),
        ('{"phone":"13800006620","phone":"13800006621"}', 400, "malformed"),
        ("[" * 20_000, 400, "malformed"),
        ('{"phone":["13800006620"]}', 400, "malformed"),
        ('{"phone":"13800006620","role":"doctor"}', 400, "malformed"),
        ('{"phone":"' + "1" * 300_000 + '"}', 413, "too-large"),
    ],
)
def test_bad_bodies_get_one_clear_answer(texts, raw, status, code):
    answer = Client().post("/api/v1/sign-in/code", raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert texts == []


def test_what_is_not_json_is_refused(texts):
    answer = Client().post("/api/v1/sign-in/code", "<a/>", content_type="application/xml")
    assert (answer.status_code, answer.json()["code"]) == (415, "media-type")
    assert Client().put("/api/v1/sign-in/code").status_code == 405


def test_the_same_post_twice_has_one_effect_and_one_answer(dr_chen):
    client = sitting_of(dr_chen, fresh=False)
    code = otp_of(dr_chen)
    answers = [
        post(client, "/api/v1/verify", {"otp": code}, Idempotency_Key="k1") for _ in range(2)
    ]
    assert [a.status_code for a in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1]["Idempotency-Replayed"] == "true"
    assert dr_chen.verifications.count() == 1
    other = post(client, "/api/v1/verify", {"otp": "123456"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (400, "idempotency-key")


def test_without_a_key_the_second_post_is_a_second_try(dr_chen):
    """The control of the test above."""
    client, code = sitting_of(dr_chen), otp_of(dr_chen)
    answers = [post(client, "/api/v1/verify", {"otp": code}) for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 400]


@pytest.mark.parametrize(
    "path", ["/", "/sign-in/", "/nowhere/", "/api/v1/session", "/api/v1/nowhere", "/robots.txt"]
)
def test_every_answer_carries_the_headers(path):
    answer = Client().get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"]
    assert "Server" not in answer


def test_a_refused_door_leaves_its_evidence(dr_chen, trail):
    sitting_of(dr_chen).get("/me/")
    assert "door.refuse" in trail()


def test_a_notice_is_read_by_its_owner_alone(dr_chen):
    stranger = User.objects.create(phone="13800006699", roles=["patient"], password="!")
    notice = Notice.objects.create(to=dr_chen, at=NOON, kind="t", title="标题", body="内容")
    assert sitting_of(stranger).post(f"/inbox/{notice.public_id}/read/").status_code == 404
    assert sitting_of(dr_chen).post(f"/inbox/{notice.public_id}/read/").status_code == 302
    rows = sitting_of(dr_chen).get("/api/v1/notices").json()["rows"]
    assert [(row["title"], row["read_at"] is not None) for row in rows] == [("标题", True)]


def test_what_the_rules_refused_may_be_tried_again_under_the_same_key(dr_chen):
    """A refusal (422) has changed nothing, so the key is free again; an error of ours (500) too."""
    rf = RequestFactory()
    answers = iter([HttpResponse(status=422), HttpResponse(status=500), HttpResponse("done")])
    once = Once(lambda request: next(answers) if once.process_view(request) is None else None)
    for expected in (422, 500, 200):
        request = rf.post("/x/", {"idempotency_key": "k2", "a": "1"})
        request.user = dr_chen
        assert once(request).status_code == expected


def test_a_notice_is_read_in_the_readers_language(dr_chen):
    """It is kept as a sentence and the names in it; a name may be a sentence itself."""
    kept = {"title": "%(doctor)s医生已接诊", "body": "资质未通过：%(why)s 100%%"}
    names = {"doctor": "林静", "why": "资质已暂停"}
    notify(dr_chen, kind="t", at=NOON, names=names, **kept)
    notify(dr_chen, kind="t", at=NOON, title="问诊已结束", body="剂量减 50%，两周后复查")
    browser = sitting_of(dr_chen)

    def told():
        rows = browser.get("/api/v1/notices").json()["rows"]
        return {row["title"]: row["body"] for row in rows}

    assert told() == {
        "林静医生已接诊": "资质未通过：资质已暂停 100%",
        "问诊已结束": "剂量减 50%，两周后复查",
    }
    browser.cookies["lang"] = "en"
    assert told() == {
        "Dr 林静 has accepted": "资质未通过：Credential suspended 100%",
        "The consultation has ended": "剂量减 50%，两周后复查",
    }
