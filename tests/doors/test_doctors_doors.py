from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from doctors import services
from doctors.models import Clinician, Service
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from tests import make
from tests.doors.world import picture

pytestmark = pytest.mark.django_db

LICENCE = {
    "qualification_no": make.QUALIFICATION,
    "id_number": make.QUALIFICATION[-18:],
    "practice_no": make.PRACTICE,
    "institution": "示范大学第三医院",
    "scope": "内科专业",
    "independent_since": "2010-07-01",
    "valid_until": "2035-06-30",
}


@pytest.fixture
def dr_chen():
    return make.doctor()


@pytest.fixture
def browser(dr_chen):
    return make.sitting_of(dr_chen.user)


def test_departments_are_listed_for_everybody_in_the_hospitals_order(
    client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(2):
        answer = client.get("/api/v1/departments")
    whole, part = answer.json()["rows"][:2]
    assert (whole["code"], whole["part_of"], whole["subject_code"]) == ("INTE", None, "03")
    assert (part["code"], part["name"], part["name_en"]) == ("CARD", "心血管内科", "Cardiology")
    assert part["part_of"] == "INTE"
    assert "PHAR" not in {row["code"] for row in answer.json()["rows"]}


def test_the_settings_show_the_switch_and_the_four_modules(browser):
    page = browser.get("/doctor/settings/").content.decode()
    assert 'role="switch" aria-checked="true"' in page
    for words in ("在线复诊", "图文咨询", "复诊预约", "在线开方", "接诊时段", "休假", "自动暂停"):
        assert words in page
    assert 'value="FOLLOWUP-8000" checked' in page


def test_the_switch_is_turned_with_and_without_javascript(browser, dr_chen):
    answer = browser.post(
        "/doctor/settings/receiving/", {"is_receiving": "off", "next": "/doctor/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/doctor/")
    assert not Clinician.objects.get(pk=dr_chen.pk).is_receiving
    answer = browser.post(
        "/doctor/settings/receiving/", {"is_receiving": "on"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert 'aria-checked="true"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_switch_leads_nowhere_foreign(browser):
    answer = browser.post(
        "/doctor/settings/receiving/", {"is_receiving": "on", "next": "//evil.example"}
    )
    assert answer["Location"] == "/doctor/settings/"


def test_a_service_is_saved(browser, dr_chen):
    code = make.price("followup", 6550, at=database_now())
    answer = browser.post(
        "/doctor/settings/services/followup/",
        {"price_code": code, "daily_quota": "１２", "is_on": "on"},
    )
    assert answer.status_code == 302
    service = Service.objects.get(clinician=dr_chen, kind="followup")
    assert (service.price_code, service.daily_quota, service.is_on) == (code, 12, True)


def test_one_tap_turns_a_module_off_and_keeps_the_rest(browser, dr_chen):
    assert browser.post("/doctor/settings/services/followup/", {}).status_code == 302
    service = Service.objects.get(clinician=dr_chen, kind="followup")
    assert (service.price_code, service.daily_quota, service.is_on) == ("FOLLOWUP-8000", 30, False)


def test_a_module_turned_on_for_the_first_time_begins_at_a_price_of_the_list(browser, dr_chen):
    assert browser.post("/doctor/settings/services/revisit/", {"is_on": "on"}).status_code == 302
    assert Service.objects.get(clinician=dr_chen, kind="revisit").is_on
    Service.objects.filter(clinician=dr_chen, kind="advice").delete()
    assert browser.post("/doctor/settings/services/advice/", {"is_on": "on"}).status_code == 302
    assert Service.objects.get(clinician=dr_chen, kind="advice").price_code == "ADVICE-8000"


@pytest.mark.parametrize(
    ("price", "quota"),
    [
        ("NO-SUCH", "12"),
        ("ADVICE-8000", "12"),
        ("FOLLOWUP-8000", "0"),
        ("FOLLOWUP-8000", "1_0"),
        ("FOLLOWUP-8000", ""),
        ("FOLLOWUP-8000", "-1"),
    ],
)
def test_what_was_typed_is_not_lost_when_it_is_refused(browser, dr_chen, price, quota):
    answer = browser.post(
        "/doctor/settings/services/followup/",
        {"price_code": price, "daily_quota": quota, "is_on": "on"},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'value="{quota}"' in page
    assert 'role="alert"' in page
    service = Service.objects.get(clinician=dr_chen, kind="followup")
    assert (service.price_code, service.daily_quota) == ("FOLLOWUP-8000", 30)


def test_the_settings_page_asks_ten_times_at_most(browser, dr_chen, django_assert_max_num_queries):
    at = database_now()
    for weekday in range(1, 8):
        services.set_hours(
            dr_chen, weekday=weekday, opens=480, closes=720, is_open=True, by=dr_chen.user, at=at
        )
    browser.get("/doctor/settings/")
    with django_assert_max_num_queries(10):
        assert browser.get("/doctor/settings/").status_code == 200


def test_there_are_four_modules_and_no_fifth(browser):
    fields = {"price_code": "FOLLOWUP-8000", "daily_quota": "12"}
    assert browser.post("/doctor/settings/services/massage/", fields).status_code == 404


def test_an_account_without_a_clinician_is_told_whom_to_ask():
    browser = make.sitting_of(make.staff("newcomer", "doctor"))
    for page in ("/doctor/settings/", "/doctor/account/"):
        assert "请联系医务处" in browser.get(page).content.decode()
    assert browser.post("/doctor/settings/receiving/", {"is_receiving": "off"}).status_code == 404


def test_a_licence_is_shown_without_the_identity_number_in_it(browser):
    page = browser.get("/doctor/account/").content.decode()
    assert "已通过" in page
    assert make.QUALIFICATION not in page
    assert "2009" in page


def test_a_licence_is_handed_in_and_waits():
    who = make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="attending")
    browser = make.sitting_of(who.user)
    assert browser.get("/doctor/account/credential/").status_code == 200
    wrong = browser.post("/doctor/account/credential/", LICENCE | {"practice_no": "123"})
    assert wrong.status_code == 422
    assert "15 位" in wrong.content.decode()
    assert browser.post("/doctor/account/credential/", LICENCE).status_code == 302
    assert "正在审核" in browser.get("/doctor/account/").content.decode()
    again = browser.post("/doctor/account/credential/", LICENCE)
    assert again.status_code == 422


def test_a_pharmacist_hands_in_certificates_of_their_own_kind():
    who = make.clinician(
        "dingyi", "丁怡", kind="pharmacist", department="药学部", title="pharmacist"
    )
    browser = make.sitting_of(who.user)
    assert "抗菌药物处方权" not in browser.get("/doctor/account/credential/").content.decode()
    given = LICENCE | {"qualification_no": "YX2015110001", "practice_no": "SF20180042"}
    assert browser.post("/doctor/account/credential/", given).status_code == 302
    assert who.credentials.get().qualification_no == "YX2015110001"


def test_a_pharmacist_has_no_services_to_set():
    assert make.sitting_of(make.pharmacist().user).get("/doctor/settings/").status_code == 403


@pytest.mark.parametrize(("days", "told"), [(30, True), (60, True), (61, False)])
def test_a_licence_about_to_expire_is_told_on_the_first_page(days, told):
    today = local_date(database_now())
    who = make.doctor(valid_until=today + timedelta(days=days))
    page = make.sitting_of(who.user).get("/doctor/").content.decode()
    assert (f"资质还有 {days} 天到期" in page) is told


def test_who_has_no_licence_yet_is_told_how_to_get_one():
    who = make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="attending")
    assert "您还没有生效的资质" in make.sitting_of(who.user).get("/doctor/").content.decode()


# --- papers, privileges, and two posts of one person ----------------------------------------------
def waiting_licence(who):
    browser = make.sitting_of(who.user)
    assert browser.post("/doctor/account/credential/", LICENCE).status_code == 302
    return browser, who.credentials.get(state="submitted")


@pytest.fixture
def wutong():
    return make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="attending")


def test_a_paper_is_uploaded_and_read_by_its_holder_and_medical_affairs_alone(wutong):
    other = make.doctor("zhouruolan", "周若兰")
    browser, waiting = waiting_licence(wutong)
    where = f"/doctor/account/credentials/{waiting.public_id}/papers/"
    answer = browser.post(where, {"kind": "practice", "file": picture()})
    assert answer.status_code == 302
    file = f"/files/{waiting.papers.get().file.public_id}/"
    assert file in browser.get("/doctor/account/").content.decode()
    assert browser.get(file)["Content-Type"] == "image/jpeg"
    assert make.sitting_of(make.medical_affairs()).get(file).status_code == 200
    assert make.sitting_of(other.user).get(file).status_code == 404
    assert make.sitting_of(other.user).post(where, {"kind": "practice"}).status_code == 404


def test_a_file_that_is_none_is_refused_on_the_page(wutong):
    browser, waiting = waiting_licence(wutong)
    where = f"/doctor/account/credentials/{waiting.public_id}/papers/"
    odd = SimpleUploadedFile("licence.exe", b"MZ not a picture")
    assert browser.post(where, {"kind": "practice", "file": odd}).status_code == 400
    assert browser.post(where, {"kind": "practice"}).status_code == 302
    assert not waiting.papers.exists()


def test_what_waits_is_taken_back_and_corrected(wutong):
    browser, waiting = waiting_licence(wutong)
    assert "撤回这份资质" in browser.get("/doctor/account/").content.decode()
    where = f"/doctor/account/credentials/{waiting.public_id}/withdraw/"
    assert browser.post(where).status_code == 302
    assert "已撤回" in browser.get("/doctor/account/").content.decode()
    assert browser.post("/doctor/account/credential/", LICENCE).status_code == 302


def test_the_certificate_of_another_is_refused_at_its_field(wutong, dr_chen):
    browser = make.sitting_of(wutong.user)
    answer = browser.post("/doctor/account/credential/", LICENCE)
    assert answer.status_code == 422
    assert "登记在别人名下" in answer.content.decode()
    assert dr_chen.name not in answer.content.decode()


def test_privileges_are_shown_and_asked_for(dr_chen):
    browser = make.sitting_of(dr_chen.user)
    page = browser.get("/doctor/account/").content.decode()
    assert "处方权" in page
    assert "抗菌药物处方权 · 限制使用级" in page
    today = local_date(database_now())
    wish = {"kind": "emergency", "starts_on": today, "ends_on": today + timedelta(days=365)}
    where = f"/doctor/account/{dr_chen.public_id}/privilege/"
    assert "审方" not in browser.get(where).content.decode()
    assert browser.post(where, wish | {"kind": "review"}).status_code == 422
    assert browser.post(where, wish | {"kind": "antimicrobial"}).status_code == 422
    assert browser.post(where, wish).status_code == 302
    asked = dr_chen.privileges.get(state="asked")
    assert (
        browser.post(f"/doctor/account/privileges/{asked.public_id}/withdraw/").status_code == 302
    )
    assert not dr_chen.privileges.filter(state="asked").exists()


def test_whoever_is_a_doctor_and_a_pharmacist_sees_both_posts(dr_chen):
    who = make.staff("both", "doctor", "pharmacist", name="双职")
    make.licensed(
        make.clinician("both", "双职", kind="doctor", department="皮肤科", title="attending")
    )
    second = make.clinician(
        "both", "双职", kind="pharmacist", department="药学部", title="pharmacist"
    )
    browser = make.sitting_of(who)
    page = browser.get("/doctor/account/").content.decode()
    assert page.count('<h2 id="licence-') == 2
    form = browser.get(f"/doctor/account/{second.public_id}/credential/").content.decode()
    assert "药学专业技术资格证书编号" in form
    assert browser.get(f"/doctor/account/{dr_chen.public_id}/credential/").status_code == 404


def test_the_page_of_ones_own_licence_asks_little(dr_chen, django_assert_max_num_queries):
    browser = make.sitting_of(dr_chen.user)
    browser.get("/doctor/account/")
    with django_assert_max_num_queries(14):
        browser.get("/doctor/account/")
