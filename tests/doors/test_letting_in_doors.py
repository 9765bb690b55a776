"""Break-glass and shares at their doors: what is shown, to whom, and for how long."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from hospital.kernel.clock import database_now
from patients import services
from patients.models import Glass, Share
from tests import consulting, letting_in, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(now):
    return consulting.wang(at=now)


@pytest.fixture
def doctor(now):
    return make.doctor("zhouping", "周平", department="内分泌科", at=now)


@pytest.fixture
def visit(wang, now):
    ordered = consulting.ordered(*wang, make.doctor(at=now), at=now)
    return consulting.opened(consulting.paid(ordered, at=now), at=now)


def told(patient, **change):
    given = {"id_number": patient.id_number, "reason": "unresponsive", "note": letting_in.WHY}
    return given | change


# break-glass -------------------------------------------------------------------------------------


def test_the_form_opens_one_record_under_a_red_line(wang, doctor, trail):
    browser = make.sitting_of(doctor.user)
    answer = browser.post("/doctor/break-glass/", told(wang[1]))
    glass = Glass.objects.get()
    assert answer["Location"] == f"/doctor/break-glass/{glass.public_id}/"
    page = browser.get(answer["Location"]).content.decode()
    assert "急诊查阅中，到" in page
    assert "finding--danger" in page
    assert "王秀兰的健康档案" in page
    assert f'hx-get="/doctor/break-glass/{glass.public_id}/watch/"' in page
    assert [e.facts["glass"] for e in trail("record.read")] == [str(glass.public_id)]


def test_every_way_to_the_record_is_recorded_as_the_look(wang, doctor, now, trail):
    glass = letting_in.opened(wang[1], doctor, at=now)
    browser, record = make.sitting_of(doctor.user), f"/record/{wang[1].public_id}/"
    pages = [
        browser.get(record),
        browser.get(f"{record}?why=review"),
        browser.get(record, headers={"HX-Request": "true"}),
        browser.get(f"/api/v1/patients/{wang[1].public_id}/record"),
        browser.get(f"/doctor/break-glass/{glass.public_id}/"),
    ]
    assert [page.status_code for page in pages] == [200] * 5
    assert all("急诊查阅中" in page.content.decode() for page in pages[:3])
    facts = [event.facts for event in trail("record.read")]
    assert facts == [{"why": "break-glass", "glass": str(glass.public_id)}] * 5


def test_when_its_time_is_up_the_record_leaves_the_screen(wang, doctor, now, trail):
    glass = letting_in.opened(wang[1], doctor, at=now - timedelta(minutes=31))
    browser, page = make.sitting_of(doctor.user), f"/doctor/break-glass/{glass.public_id}/"
    asked = browser.get(f"{page}watch/", headers={"HX-Request": "true"})
    assert asked["HX-Redirect"] == page
    over = browser.get(page).content.decode()
    assert "已经结束" in over
    assert "王秀兰" not in over
    assert browser.get(f"/record/{wang[1].public_id}/").status_code == 404
    assert browser.get(f"/api/v1/patients/{wang[1].public_id}/record").status_code == 404
    assert not trail("record.read")


def test_while_it_is_open_the_page_stays(wang, doctor, now):
    glass = letting_in.opened(wang[1], doctor, at=now)
    asked = make.sitting_of(doctor.user).get(f"/doctor/break-glass/{glass.public_id}/watch/")
    assert "HX-Redirect" not in asked
    assert "急诊查阅中" in asked.content.decode()


def test_ending_it_early_closes_the_record(wang, doctor, now):
    glass = letting_in.opened(wang[1], doctor, at=now)
    browser, page = make.sitting_of(doctor.user), f"/doctor/break-glass/{glass.public_id}/"
    assert browser.post(f"{page}end/").status_code == 302
    assert browser.get(f"/record/{wang[1].public_id}/").status_code == 404


def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(wang, doctor):
    browser = make.sitting_of(doctor.user)
    for number in ("110108195806170021", "11010819900101001X"):
        answer = browser.post("/doctor/break-glass/", told(wang[1], id_number=number))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert re.search(r'id="id_id_number_error"><p class="err">.*没有找到这个证件号码', page)
        assert letting_in.WHY in page
    assert not Glass.objects.exists()


def test_it_asks_for_a_fresh_proof_before_the_form_is_shown(wang, doctor):
    stale = make.sitting_of(doctor.user, fresh=False)
    for answer in (
        stale.get("/doctor/break-glass/"),
        stale.post("/doctor/break-glass/", told(wang[1])),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/me/verify/")
    assert not Glass.objects.exists()


def test_anothers_look_is_missing_and_so_is_one_that_never_was(wang, doctor, now):
    glass = letting_in.opened(wang[1], doctor, at=now)
    other = make.sitting_of(make.doctor("linyi", "林一", at=now).user)
    for public_id in (glass.public_id, uuid4()):
        page = f"/doctor/break-glass/{public_id}/"
        assert other.get(page).status_code == 404
        assert other.get(f"{page}watch/").status_code == 404
        assert other.post(f"{page}end/").status_code == 404
    assert other.get(f"/record/{wang[1].public_id}/").status_code == 404


def test_another_person_judges_it_in_the_back_office(wang, doctor, now, trail):
    glass = letting_in.over(wang[1], doctor, at=now)
    affairs = make.sitting_of(make.medical_affairs())
    home = f"/admin/patients/glass/{glass.pk}"
    assert letting_in.WHY in affairs.get(f"{home}/justify/").content.decode()
    assert affairs.post(f"{home}/justify/", {"why": ""}).status_code == 422
    assert affairs.post(f"{home}/justify/", {"why": "急诊记录属实"}).status_code == 302
    assert trail("break-glass.review")[0].role == "medical_affairs"
    finance = make.sitting_of(make.staff("fin", "finance"))
    assert finance.post(f"{home}/object/", {"why": "x"}).status_code == 403


# shares ------------------------------------------------------------------------------------------


def test_a_patient_finds_a_doctor_by_department_or_name_and_shares(wang, doctor):
    user, patient = wang
    browser, page = make.sitting_of(user), f"/me/patients/{patient.public_id}/sharing/new/"
    assert "周平" not in browser.get(page).content.decode(), "nobody asked for anybody yet"
    found = browser.get(page, {"name": "周"}).content.decode()
    assert "周平 主任医师 · 内分泌科" in found
    assert str(doctor.user.public_id) in found
    given = {"name": "周", "doctor": str(doctor.user.public_id), "days": "30"}
    assert browser.post(page, given).status_code == 302
    listed = browser.get(f"/me/patients/{patient.public_id}/sharing/").content.decode()
    assert "周平" in listed
    mine = make.sitting_of(doctor.user).get("/doctor/records/").content.decode()
    assert "王秀兰" in mine


def test_taken_back_the_open_pane_is_gone_with_the_next_request(wang, doctor, now):
    user, patient = wang
    share = letting_in.shared(patient, doctor, by=user, at=now)
    reading, pane = make.sitting_of(doctor.user), f"/record/{patient.public_id}/"
    assert reading.get(pane).status_code == 200
    assert make.sitting_of(user).post(f"/me/shares/{share.public_id}/end/").status_code == 302
    assert reading.get(pane).status_code == 404
    assert "王秀兰" not in reading.get("/doctor/records/").content.decode()


def test_nobody_elses_share_can_be_answered_or_ended(wang, visit, doctor, now):
    share = letting_in.asked(visit, doctor, at=now)
    other = make.sitting_of(consulting.stranger())
    for public_id in (share.public_id, uuid4()):
        for step in ("agree", "decline", "end"):
            assert other.post(f"/me/shares/{public_id}/{step}/").status_code == 404
        assert other.post(f"/api/v1/shares/{public_id}/end").status_code == 404
    share.refresh_from_db()
    assert share.state == "asked"


def test_a_link_that_ended_shares_nothing_and_sees_nothing(doctor, now):
    father = consulting.person("郭立", "13800006625", date(1988, 3, 2), at=now)
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, father, at=now)
    small = consulting.person(
        "郭小满", "13800006625", date(2022, 5, 1), guardian=("郭立", "13800006625"), at=now
    )
    child = consulting.known(guo, small, "child", at=now)
    share = letting_in.shared(child, doctor, by=guo, at=now)
    services.end_link(child.links.get(), by=guo, at=now)
    browser = make.sitting_of(guo)
    for page in ("sharing/", "sharing/new/"):
        assert browser.get(f"/me/patients/{child.public_id}/{page}").status_code == 404
    assert browser.post(f"/me/shares/{share.public_id}/end/").status_code == 404


def test_a_doctor_asks_for_a_colleague_and_the_patient_agrees_on_their_page(visit, doctor):
    asking = make.sitting_of(visit.doctor.user)
    page = f"/doctor/work/{visit.public_id}/consult/"
    given = {"name": "周平", "doctor": str(doctor.user.public_id), "why": "血糖也高，想一起看"}
    assert asking.post(page, given).status_code == 302
    assert "等您决定" in asking.get(page).content.decode()
    share = Share.objects.get()
    patient = make.sitting_of(visit.asked_by)
    shown = patient.get(f"/me/patients/{visit.patient.public_id}/sharing/").content.decode()
    assert "血糖也高，想一起看" in shown
    assert patient.post(f"/me/shares/{share.public_id}/agree/").status_code == 302
    assert (
        make.sitting_of(doctor.user).get(f"/record/{visit.patient.public_id}/").status_code == 200
    )
    other = make.sitting_of(doctor.user)
    assert other.get(page).status_code == 404, "the colleague does not attend"


def test_programs_give_and_end_a_share(wang, doctor):
    user, patient = wang
    browser, door = make.sitting_of(user), f"/api/v1/patients/{patient.public_id}/shares"
    given = {"doctor": str(doctor.user.public_id), "days": 7}
    made = browser.post(door, given, content_type="application/json")
    assert (made.status_code, made.json()["doctor"]) == (201, "周平")
    assert len(browser.get(door).json()["rows"]) == 1
    too_long = browser.post(door, given | {"days": 181}, content_type="application/json")
    assert too_long.status_code == 400
    ended = browser.post(f"/api/v1/shares/{made.json()['public_id']}/end")
    assert ended.json()["state"] == "ended"
    assert browser.get(door).json()["rows"] == []


@pytest.mark.parametrize("page", ["sharing/", "sharing/new/"])
def test_the_pages_of_another_patient_are_missing(wang, page):
    browser = make.sitting_of(consulting.stranger())
    assert browser.get(f"/me/patients/{wang[1].public_id}/{page}").status_code == 404
    assert browser.get(f"/me/patients/{uuid4()}/{page}").status_code == 404


def test_who_is_nobodys_yet_is_led_to_registering():
    browser = make.sitting_of(consulting.stranger())
    for page in ("/me/reads/", "/me/sharing/"):
        assert browser.get(page)["Location"] == "/me/patients/"
