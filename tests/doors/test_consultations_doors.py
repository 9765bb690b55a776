"""Shape, status, and who is refused, at the JSON doors and the pages."""

import html
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from doctors import services as doctors
from hospital.consultations.models import Consultation, Message
from hospital.kernel.clock import database_now
from hospital.policy.models import Decision
from tests import consulting, make

pytestmark = pytest.mark.django_db
API = "/api/v1/consultations"


@pytest.fixture
def at():
    return database_now()


@pytest.fixture
def doctor(at):
    return make.doctor(at=at)


@pytest.fixture
def wang(at):
    return consulting.wang(at=at)


def post(user, address, body=None):
    client = make.sitting_of(user)
    return client.post(address, body or {}, content_type="application/json")


def wish(patient, doctor, **other):
    return {
        "patient": str(patient.public_id),
        "doctor": str(doctor.public_id),
        "kind": "followup",
        "diagnoses": ["I10"],
        "guardian_present": False,
    } | other


def test_doctors_are_found_by_anyone_by_name_pinyin_and_symptom(client, doctor, at):
    make.doctor("xunan", "许南", department="皮肤科", at=at)
    for words, names in {
        "陈": ["陈思远"],
        "csy": ["陈思远"],
        "头晕": ["陈思远"],
        "皮疹": ["许南"],
        "pfk": ["许南"],
        "": ["陈思远", "许南"],
        "没有的词": [],
    }.items():
        answer = client.get("/api/v1/doctors", {"q": words})
        assert [row["name"] for row in answer.json()["rows"]] == names, words
    (row,) = client.get("/api/v1/doctors", {"q": "csy"}).json()["rows"]
    assert (row["department"], row["title"], row["places"]) == ("心血管内科", "主任医师", 60)
    assert client.get(f"/api/v1/doctors/{row['public_id']}").json() == row
    assert client.get(f"/api/v1/doctors/{uuid.uuid4()}").status_code == 404


def test_the_list_of_doctors_costs_the_same_for_one_and_for_three(
    client, doctor, at, django_assert_max_num_queries
):
    for name in ("zhouruolan", "wutong"):
        make.doctor(name, "周若兰", at=at)
    with django_assert_max_num_queries(12):
        assert len(client.get("/api/v1/doctors").json()["rows"]) == 3


def test_eligibility_is_told_with_its_evidence_and_stores_nothing(wang, doctor):
    user, patient = wang
    told = post(user, f"{API}/eligibility", wish(patient, doctor)).json()
    assert told["decision"] == "pass"
    assert told["evidence"][0]["diagnosis"] == "I10"
    assert datetime.fromisoformat(told["as_of"]) == patient.person.pulled_at
    told = post(user, f"{API}/eligibility", wish(patient, doctor, diagnoses=["L20.9"])).json()
    assert told["decision"] == "block"
    assert told["findings"][0]["rule"] == "VISIT-FOLLOW-UP"
    assert not Decision.objects.exists()


def test_who_may_not_be_seen_reads_how_old_that_is_asks_again_and_comes_back(wang, doctor):
    user, patient = wang
    patient.person.diagnoses.all().delete()
    browser = make.sitting_of(user)
    here = f"/consult/check/?doctor={doctor.public_id}&patient={patient.public_id}"
    refresh = f"/me/patients/{patient.public_id}/refresh/"
    page = browser.get(here).content.decode()
    assert "没有查到在本院的就诊记录" in page
    assert "医院资料截至" in page
    assert f'action="{refresh}"' in page
    assert f'name="next" value="{html.escape(here)}"' in page
    assert browser.post(refresh, {"next": here})["Location"] == here
    for elsewhere in ("https://example.org/", "//example.org/", "bills", ""):
        answer = browser.post(refresh, {"next": elsewhere})
        assert answer["Location"] == f"/me/patients/{patient.public_id}/"


def test_an_order_is_made_once_and_names_its_charge(wang, doctor):
    user, patient = wang
    client, body = make.sitting_of(user), wish(patient, doctor, complaint="头晕")
    key = {"HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4())}
    first = client.post(API, body, content_type="application/json", **key)
    again = client.post(API, body, content_type="application/json", **key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    told = first.json()
    assert (told["state"], told["charge"]["amount_fen"]) == ("unpaid", 8000)
    assert Consultation.objects.count() == 1


def test_a_refused_order_says_why_and_its_judgement_is_kept(doctor, at):
    user = consulting.account("13800006626", "钱多多")
    who = consulting.person("钱多多", "13800006626", date(1990, 2, 2), at=at)
    patient = consulting.known(user, who, at=at)
    answer = post(user, API, wish(patient, doctor, complaint="头晕"))
    assert answer.status_code == 422
    assert answer.json()["facts"]["rules"] == ["VISIT-FOLLOW-UP"]
    assert Decision.objects.get().outcome == "block"
    assert not Consultation.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"kind": "first"},
        {"diagnoses": "I10"},
        {"diagnoses": ["I10"] * 11},
        {"guardian_present": "perhaps"},
        {"complaint": "字" * 1001},
        {"complaint": 5},
        {"fee_fen": 1},
        {"state": "waiting"},
        {"patient": "x"},
    ],
)
def test_an_odd_order_is_malformed(wang, doctor, odd):
    user, patient = wang
    answer = post(user, API, wish(patient, doctor, complaint="头晕") | odd)
    assert answer.status_code == 400
    assert not Consultation.objects.exists()


def test_somebody_elses_patient_is_not_there(wang, doctor):
    _user, patient = wang
    answer = post(consulting.stranger(), API, wish(patient, doctor, complaint="头晕"))
    assert answer.status_code == 404


def test_a_doctor_accepts_only_freshly_verified_and_talks_and_closes(wang, doctor, at):
    user, _patient = wang
    made = consulting.in_state("waiting", *wang, doctor, at=at)
    one = f"{API}/{made.public_id}"
    stale = make.sitting_of(doctor.user, fresh=False).post(f"{one}/accept")
    assert (stale.status_code, stale.json()["code"]) == (403, "identity-stale")
    consulting.verified(doctor, at=at)
    assert post(doctor.user, f"{one}/accept").json()["state"] == "open"
    mark = str(uuid.uuid4())
    for _ in range(2):
        said = post(user, f"{one}/messages", {"client_id": mark, "text": "您好"})
        assert (said.status_code, said.json()["seq"]) == (201, 2)
    read = make.sitting_of(doctor.user).get(f"{one}/messages", {"after_seq": 1}).json()
    assert [m["text"] for m in read["messages"]] == ["您好"]
    assert (read["seq"], read["state"]) == (2, "open")
    assert post(doctor.user, f"{one}/close").json()["state"] == "closed"
    rated = post(user, f"{one}/rate", {"stars": 5, "text": "很好"})
    assert rated.status_code == 201
    assert post(user, f"{one}/rate", {"stars": "５"}).status_code == 400


@pytest.mark.parametrize(
    "verb", ["accept", "decline", "close", "refer", "cancel", "rate", "messages"]
)
def test_a_stranger_finds_nothing_at_any_door(wang, doctor, verb, at):
    made = consulting.in_state("open", *wang, doctor, at=at)
    other = make.doctor("zhouruolan", "周若兰", at=at).user
    for nobody in (consulting.stranger(), other):
        answer = post(nobody, f"{API}/{made.public_id}/{verb}")
        assert answer.status_code in (403, 404)
    missing = post(other, f"{API}/{uuid.uuid4()}/close")
    foreign = post(other, f"{API}/{made.public_id}/close")
    assert missing.json() == foreign.json()


def test_one_sees_ones_own_list_a_page_at_a_time(wang, doctor, at):
    made = consulting.in_state("open", *wang, doctor, at=at)
    for user in (wang[0], doctor.user):
        rows = make.sitting_of(user).get(API).json()["rows"]
        assert [row["public_id"] for row in rows] == [str(made.public_id)]
    assert make.sitting_of(consulting.stranger()).get(API).json()["rows"] == []


# Pages -------------------------------------------------------------------------------------------


def test_the_pages_of_ordering_work_without_scripts(wang, doctor):
    user, _patient = wang
    client = make.sitting_of(user)
    address = f"/consult/new/?doctor={doctor.public_id}&kind=followup"
    page = client.get(address)
    assert "查到您 40 天前在本院心血管内科的就诊记录" in page.content.decode()
    nothing = client.post(address, {"diagnoses": ["I10"], "complaint": ""})
    assert nothing.status_code == 422
    form = {"diagnoses": ["I10"], "complaint": "头晕", "idempotency_key": str(uuid.uuid4())}
    ordered = client.post(address, form)
    made = Consultation.objects.get()
    assert ordered["Location"] == f"/pay/{made.charge.public_id}/"
    again = client.post(address, form | {"idempotency_key": str(uuid.uuid4())})
    assert again.status_code == 422
    assert str(made.public_id) in again.content.decode()
    assert "头晕" in again.content.decode()


def test_the_chat_page_sends_without_scripts_and_shows_words_as_words(wang, doctor, at):
    user, _patient = wang
    made = consulting.in_state("open", *wang, doctor, at=at)
    client = make.sitting_of(user)
    here = f"/consultations/{made.public_id}/"
    form = {"client_id": str(uuid.uuid4()), "text": "<script>alert(1)</script>"}
    for _ in range(2):
        assert client.post(f"{here}say/", form).status_code == 302
    assert Message.objects.filter(kind="text").count() == 1
    page = client.get(here).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_waiting_page_comes_anew_when_its_state_has_changed(wang, doctor, at):
    made = consulting.in_state("waiting", *wang, doctor, at=at)
    client = make.sitting_of(wang[0])
    here = f"/consultations/{made.public_id}/state/"
    assert "HX-Refresh" not in client.get(here, {"was": "waiting"})
    consulting.opened(made, at=at)
    assert client.get(here, {"was": "waiting"})["HX-Refresh"] == "true"


def test_a_doctor_who_must_prove_themselves_is_led_there_and_back(wang, doctor, at):
    made = consulting.in_state("waiting", *wang, doctor, at=at)
    here = f"/doctor/work/{made.public_id}/"
    client = make.sitting_of(doctor.user, fresh=False)
    led = client.post(f"{here}accept/")
    assert led["Location"] == f"/me/verify/?next={here.replace('/', '%2F')}"
    consulting.verified(doctor, at=at)
    assert client.post(f"{here}accept/")["Location"] == here
    assert client.post(f"{here}accept/").status_code == 409


def test_a_referral_without_a_reason_comes_back_with_its_form(wang, doctor, at):
    made = consulting.in_state("open", *wang, doctor, at=at)
    here = f"/doctor/work/{made.public_id}/"
    client = make.sitting_of(doctor.user)
    assert client.post(f"{here}refer/", {"note": "请来医院"}).status_code == 422
    done = client.post(f"{here}refer/", {"reason": "emergency", "note": "请来医院"})
    assert done["Location"] == here
    page = make.sitting_of(wang[0]).get(f"/consultations/{made.public_id}/").content.decode()
    assert "请拨打 120" in page
    assert "请来医院" in page


@pytest.mark.parametrize(
    "state",
    ["unpaid", "waiting", "closed", "cancelled", "expired", "declined", "lapsed", "referred"],
)
def test_every_state_has_its_page_on_both_sides(wang, doctor, state, at):
    made = consulting.in_state(state, *wang, doctor, at=at)
    page = make.sitting_of(wang[0]).get(f"/consultations/{made.public_id}/")
    assert page.status_code == 200
    seen = make.sitting_of(doctor.user).get(f"/doctor/work/{made.public_id}/")
    assert seen.status_code == (200 if made.paid_at else 404)


def test_the_conversation_costs_the_same_however_long_it_is(
    wang, doctor, at, django_assert_max_num_queries
):
    made = consulting.in_state("open", *wang, doctor, at=at)
    for number in range(12):
        consulting.said(made, wang[0], f"{number}", at=at + timedelta(seconds=number))
    client = make.sitting_of(wang[0])
    with django_assert_max_num_queries(16):
        client.get(f"/consultations/{made.public_id}/")
    client = make.sitting_of(doctor.user)
    with django_assert_max_num_queries(30):
        client.get(f"/doctor/work/{made.public_id}/")


def test_only_departments_with_a_doctor_are_offered():
    doctor = make.doctor()
    page = Client().get("/departments/").content.decode()
    assert doctor.department.name in page
    assert "运动医学科" not in page


def test_lists_and_departments_take_six_queries_at_most(
    doctor, wang, at, django_assert_max_num_queries
):
    make.doctor("xunan", "许南", department="皮肤科", at=at)
    patient = make.sitting_of(wang[0])
    for client in (Client(), patient):
        for address in (
            "/departments/",
            "/doctors/",
            "/doctors/?department=INTE",
            "/doctors/?department=CARD&only=receiving&only=places&most=100",
            f"/doctors/?q=csy&after={doctor.public_id}",
            "/doctors/?department=SURG",
            "/api/v1/doctors",
            "/staff/?q=csy",
        ):
            with django_assert_max_num_queries(6):
                assert client.get(address).status_code == 200, address


def test_a_doctors_page_says_all_that_is_public(client, doctor, at):
    page = client.get(f"/doctors/{doctor.public_id}/").content.decode()
    licence = doctor.credentials.get()
    for words in (licence.institution, licence.scope, licence.masked_practice, "¥"):
        assert words in page, words
    assert licence.practice_no not in page
    assert licence.qualification_no not in page
    doctors.set_receiving(doctor, is_receiving=False, by=doctor.user, at=at)
    assert "医生现在不接诊" in client.get(f"/doctors/{doctor.public_id}/").content.decode()


def test_the_staff_list_shows_no_whole_number(client, doctor):
    page = client.get("/staff/").content.decode()
    licence = doctor.credentials.get()
    assert doctor.name in page
    assert licence.masked_practice in page
    assert licence.practice_no not in page
    assert licence.qualification_no not in page
    assert doctor.name in client.get("/staff/?kind=x&after=7").content.decode()
