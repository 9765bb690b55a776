"""谁看过我的病历: every read in plain words, and a receipt that anybody can check."""

import io
import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from audit import sealing
from audit.models import Event
from hospital.kernel.clock import database_now
from patients import receipts, selectors, services
from tests import consulting, letting_in, make

# The trail is read through a connection of its own, so what is read must be committed.
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"]),
    pytest.mark.usefixtures("_anchors"),
]


@pytest.fixture
def _anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(now):
    return consulting.wang(at=now)


@pytest.fixture
def visit(wang, now):
    """王秀兰 in an open consultation with 陈思远."""
    ordered = consulting.ordered(*wang, make.doctor(at=now), at=now)
    return consulting.opened(consulting.paid(ordered, at=now), at=now)


def read_by(doctor, patient):
    """The doctor opens the pane, as a browser does."""
    answer = make.sitting_of(doctor.user).get(f"/record/{patient.public_id}/")
    assert answer.status_code == 200


def page_of(user, patient, query=""):
    answer = make.sitting_of(user).get(f"/me/patients/{patient.public_id}/reads/{query}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def newest(patient):
    return selectors.reads_of(patient).rows[0]


def test_a_doctors_read_stands_with_name_title_and_why(visit):
    read_by(visit.doctor, visit.patient)
    said = page_of(visit.asked_by, visit.patient)
    assert re.search("陈思远 主任医师 · 心血管内科 看了健康档案 接诊", said)
    read = newest(visit.patient)
    assert (read.why, read.event.kind) == ("care", "record.read")


def test_a_look_through_break_glass_is_marked_with_how_it_was_judged(wang, now):
    user, patient = wang
    doctor = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    browser = make.sitting_of(doctor.user)
    told = {"id_number": patient.id_number, "reason": "unresponsive", "note": letting_in.WHY}
    opened = browser.post("/doctor/break-glass/", told)
    assert browser.get(opened["Location"]).status_code == 200
    said = page_of(user, patient)
    assert "周平" in said
    assert said.count("急诊查阅 查阅中") == 2, "opening it, and reading under it"
    glass = patient.glasses.get()
    services.end_glass(glass, by=doctor.user, at=database_now())
    services.justify_glass(glass, by=make.medical_affairs(), at=database_now(), why="属实")
    assert page_of(user, patient).count("急诊查阅 复核：理由成立") == 2


def test_a_shared_record_is_read_as_what_the_patient_shared(wang, now):
    user, patient = wang
    doctor = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    letting_in.shared(patient, doctor, by=user, at=now)
    read_by(doctor, patient)
    assert newest(patient).why == "shared"
    assert "您共享的" in page_of(user, patient)


def test_what_the_family_reads_stands_apart(visit, now):
    read_by(visit.doctor, visit.patient)
    Event.objects.create(
        kind="file.read",
        at=now,
        actor=visit.asked_by.public_id,
        role="patient",
        about=visit.patient.public_id,
    )
    staff, family = (
        page_of(visit.asked_by, visit.patient),
        page_of(visit.asked_by, visit.patient, "?who=family"),
    )
    assert "看了图片或文件" in family
    assert "看了图片或文件" not in staff
    assert "看了健康档案" in staff
    assert "看了健康档案" not in family


def test_what_was_refused_was_not_read(wang, now):
    Event.objects.create(
        kind="record.read",
        outcome="refused",
        at=now,
        role="doctor",
        about=wang[1].public_id,
    )
    assert selectors.reads_of(wang[1]).rows == []


def test_pages_follow_each_other_and_lose_nothing(wang, now):
    user, patient = wang
    for minute in range(45):
        Event.objects.create(
            kind="record.read",
            at=now - timedelta(minutes=45 - minute),
            actor=user.public_id,
            role="doctor",
            about=patient.public_id,
            facts={"why": "care", "minute": minute},
        )
    seen, before = [], None
    while True:
        page = selectors.reads_of(patient, before=before)
        seen += [each.event.facts["minute"] for each in page.rows]
        before = page.next
        if before is None:
            break
    assert seen == list(range(44, -1, -1))


def test_a_page_costs_the_same_for_one_read_and_for_twenty(wang, now, django_assert_num_queries):
    _user, patient = wang

    def reads(how_many):
        for _turn in range(how_many):
            who = make.staff(f"d{Event.objects.using('trail').count()}", "doctor")
            Event.objects.create(
                kind="record.read",
                at=now,
                actor=who.public_id,
                role="doctor",
                about=patient.public_id,
            )

    reads(1)
    with django_assert_num_queries(2):
        selectors.reads_of(patient)
    reads(15)
    with django_assert_num_queries(2):
        assert len(selectors.reads_of(patient).rows) == 16


# whose page it is --------------------------------------------------------------------------------


def test_a_guardian_sees_the_childs_until_the_link_ends(now):
    father = consulting.person("郭立", "13800006625", date(1988, 3, 2), at=now)
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, father, at=now)
    small = consulting.person(
        "郭小满", "13800006625", date(2022, 5, 1), guardian=("郭立", "13800006625"), at=now
    )
    child = consulting.known(guo, small, "child", at=now)
    browser, page = make.sitting_of(guo), f"/me/patients/{child.public_id}/reads/"
    assert browser.get(page).status_code == 200
    services.end_link(selectors.link_of(guo, child), by=guo, at=now)
    assert browser.get(page).status_code == 404
    assert browser.get(f"/api/v1/patients/{child.public_id}/reads").status_code == 404


def test_a_receipt_of_somebody_elses_read_is_missing(visit, now):
    read_by(visit.doctor, visit.patient)
    number = newest(visit.patient).event.pk
    other = consulting.person("李四", "13800006777", date(1970, 1, 1), at=now)
    li = consulting.account("13800006777", "李四")
    mine = consulting.known(li, other, at=now)
    browser = make.sitting_of(li)
    for whose in (visit.patient, mine):
        for rest in ("", "receipt.json"):
            page = f"/me/patients/{whose.public_id}/reads/{number}/{rest}"
            assert browser.get(page).status_code == 404


def test_the_api_says_the_same(visit):
    read_by(visit.doctor, visit.patient)
    browser = make.sitting_of(visit.asked_by)
    told = browser.get(f"/api/v1/patients/{visit.patient.public_id}/reads").json()
    assert told["next"] is None
    (row,) = told["rows"]
    assert (row["who"], row["kind"], row["why"], row["review"]) == (
        "陈思远",
        "record.read",
        "care",
        None,
    )
    bad = browser.get(f"/api/v1/patients/{visit.patient.public_id}/reads?after=x")
    assert bad.status_code == 400


# receipts ----------------------------------------------------------------------------------------


def receipt_page(user, patient, rest=""):
    number = newest(patient).event.pk
    return make.sitting_of(user).get(f"/me/patients/{patient.public_id}/reads/{number}/{rest}")


def sealed_receipt(visit):
    """The receipt of a read, as the patient saves it."""
    read_by(visit.doctor, visit.patient)
    sealing.seal(database_now())
    answer = receipt_page(visit.asked_by, visit.patient, "receipt.json")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content.decode()


def test_before_it_is_sealed_the_page_says_so(visit):
    read_by(visit.doctor, visit.patient)
    page = receipt_page(visit.asked_by, visit.patient)
    assert "还没有封存，几秒后再试" in page.content.decode()
    assert receipt_page(visit.asked_by, visit.patient, "receipt.json").status_code == 409
    sealing.seal(database_now())
    assert "已经封存" in receipt_page(visit.asked_by, visit.patient).content.decode()


def checked(text, **how):
    """What the public page says, to somebody who is not signed in."""
    told = how or {"text": text}
    answer = Client().post("/receipts/", told)
    return answer.status_code, re.findall(r"finding__t\">([^<]+)<", answer.content.decode())


def test_anybody_checks_a_receipt_pasted_or_as_a_file(visit):
    text = sealed_receipt(visit)
    assert checked(text) == (200, ["是真的"])
    file = io.BytesIO(text.encode())
    file.name = "receipt.json"
    assert checked("", file=file) == (200, ["是真的"])
    found = receipts.verdict(text)
    assert (str(found.what), found.role) == ("看了健康档案", "医生")


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"text": told["text"].replace("record.read", "record.dead")},
        lambda told: told | {"index": told["index"] + 1},
        lambda told: told | {"hash": "0" * 64},
        lambda told: told | {"path": told["path"][:-1]},
        lambda told: told | {"head": told["head"] | {"signature": "AAAA"}},
        lambda told: told | {"head": told["head"] | {"key": "0" * 16}},
    ],
    ids=["text", "index", "hash", "path", "signature", "key"],
)
def test_a_receipt_that_was_touched_is_not_true(visit, change):
    told = json.loads(sealed_receipt(visit))
    assert checked(json.dumps(change(told))) == (200, ["不能证明是真的"])


@pytest.mark.parametrize(
    "text", ["你好", "{}", "[]", "[" * 30_000, '{"text": 1, "head": 2}', "1e999"]
)
def test_what_is_no_receipt_is_told_kindly(text):
    assert checked(text) == (200, ["这不是一份凭证"])


def test_nothing_pasted_is_asked_for():
    status, _said = checked("")
    assert status == 422


def test_the_public_page_asks_no_database(visit, django_assert_num_queries):
    text = sealed_receipt(visit)
    with django_assert_num_queries(0):
        assert receipts.verdict(text).is_true
