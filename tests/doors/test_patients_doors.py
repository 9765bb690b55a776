"""The e-record's doors: shape, status, who is refused, what strangers learn."""

import json
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Exists
from django.test.utils import CaptureQueriesContext

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.his.models import Report
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.identity import check_letter
from hospital.notifications import gateways as texting
from patients import readers, selectors, services
from patients.models import Consent, Link, Patient
from tests import make
from tests.his import CHILD, GUARDIAN, WANG, his, running_world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
NOT_PREGNANT = {"pregnancy": "no", "is_lactating": False, "due_on": None}


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(his, now):
    user = User.objects.create(phone="13800006620", roles=[Role.PATIENT], password="!")
    services.register(user, name="王秀兰", id_number=WANG, relation="self", at=now)
    return user


@pytest.fixture
def hers(wang):
    return selectors.linked_to(wang).get()


@pytest.fixture
def browser(wang):
    return make.sitting_of(wang)


@pytest.fixture
def stranger():
    return make.sitting_of(
        User.objects.create(phone="13811112222", roles=[Role.PATIENT], password="!")
    )


@pytest.fixture
def doctor(hers, monkeypatch):
    user = make.staff("lin", Role.DOCTOR, name="林")
    monkeypatch.setattr(readers, "_readers", {})
    readers.register(
        "ward",
        patients_of=lambda who: Patient.objects.filter(
            Exists(User.objects.filter(pk=who.pk, username="lin")), pk=hers.pk
        ),
    )
    return user


def send(browser, method, path, body):
    return getattr(browser, method)(path, json.dumps(body), content_type="application/json")


def test_the_api_tells_of_oneself_without_the_whole_number(browser, hers):
    (row,) = browser.get("/api/v1/patients").json()["rows"]
    assert (row["name"], row["relation"], row["id_number"]) == (
        "王秀兰",
        "self",
        "110***********0020",
    )
    assert browser.get(f"/api/v1/patients/{hers.public_id}").json() == row


def test_registering_over_the_api(his):
    user = User.objects.create(phone="13800006620", roles=[Role.PATIENT], password="!")
    told = {"name": "王秀兰", "id_number": WANG, "relation": "self"}
    answer = send(make.sitting_of(user), "post", "/api/v1/patients", told)
    assert answer.status_code == 201
    assert answer.json()["is_known_to_hospital"] is True


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"id_number": WANG[:-1] + "1"}, 400, "id-number-checksum"),
        ({"relation": "friend"}, 400, "malformed"),
        ({"is_proven": True}, 400, "malformed"),
        ({"name": ["王"]}, 400, "malformed"),
        ({"relation": "child", "id_number": CHILD}, 403, "cannot-link"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(browser, change, status, code):
    told = {"name": "王秀兰", "id_number": WANG, "relation": "self"} | change
    answer = send(browser, "post", "/api/v1/patients", told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_stranger_hears_the_same_of_a_child_that_exists_and_one_that_does_not(browser, his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    nobody = "110108202105210010"
    nobody = nobody[:17] + check_letter(nobody[:17])
    answers = [
        send(
            browser,
            "post",
            "/api/v1/patients",
            {"name": "郭小满", "id_number": n, "relation": "child"},
        )
        for n in (CHILD, nobody)
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 403


def every_address_of(patient):
    return [
        f"/api/v1/patients/{patient.public_id}{rest}"
        for rest in ("", "/history", "/reports", f"/reports/{uuid.uuid4()}")
    ] + [f"/me/patients/{patient.public_id}/{rest}" for rest in ("", "health/", "consent/")]


def test_foreign_and_missing_look_the_same(stranger, hers):
    for path in every_address_of(hers):
        elsewhere = path.replace(str(hers.public_id), str(uuid.uuid4()))
        foreign, missing = stranger.get(path), stranger.get(elsewhere)
        assert foreign.status_code == missing.status_code == 404
    for path, body in (
        (f"/api/v1/patients/{hers.public_id}/consents", {"kind": "service", "version": 1}),
    ):
        assert send(stranger, "post", path, body).status_code == 404
    assert (
        send(
            stranger, "put", f"/api/v1/patients/{hers.public_id}/health", {"allergies": []}
        ).status_code
        == 404
    )


def test_a_patient_does_not_read_the_clinicians_record(browser, hers):
    assert browser.get(f"/record/{hers.public_id}/").status_code == 403
    assert browser.get(f"/api/v1/patients/{hers.public_id}/record?why=care").status_code == 403


def test_a_foreign_report_is_missing(stranger, browser, hers, now):
    report = selectors.reports_visible_to(
        User.objects.get(
            phone_index=selectors.links_of(hers.links.get().account)[0].account.phone_index
        )
    ).first()
    assert browser.get(f"/reports/{report.public_id}/").status_code == 200
    assert stranger.get(f"/reports/{report.public_id}/").status_code == 404


def test_health_consents_addresses_over_the_api(browser, hers):
    base = f"/api/v1/patients/{hers.public_id}"
    put = send(
        browser,
        "put",
        f"{base}/health",
        {"allergies": [{"to": "虾", "reaction": "mild"}], "weight_kg": "62.5"},
    )
    assert put.status_code == 200
    texts = browser.get("/api/v1/consent-texts").json()["rows"]
    assert {t["kind"] for t in texts} == {"service", "sensitive", "courier", "guardian", "own"}
    given = send(browser, "post", f"{base}/consents", {"kind": "service", "version": 1})
    assert given.status_code == 201
    assert (
        send(browser, "post", f"{base}/consents", {"kind": "service", "version": 9}).status_code
        == 404
    )
    address = {
        "name": "王秀兰",
        "phone": "１３８００００６６２０",
        "region": "北京市海淀区",
        "detail": "花园路 8 号",
    }
    assert send(browser, "post", "/api/v1/addresses", address).json()["phone"] == "13800006620"
    assert len(browser.get("/api/v1/addresses").json()["rows"]) == 1


@pytest.mark.parametrize("weight", ["1e2", "NaN", "-1", "62.55", "1_0"])
def test_a_weight_that_is_none_is_refused(browser, hers, weight):
    path = f"/api/v1/patients/{hers.public_id}/health"
    answer = send(browser, "put", path, {"allergies": [], "weight_kg": weight})
    if answer.status_code == 200:
        hers.refresh_from_db()
        pytest.fail(f"{weight} was taken for {hers.weight_kg}")
    assert answer.status_code == 400


def test_each_question_is_answered_over_the_api_and_no_other_is_touched(browser, hers):
    base = f"/api/v1/patients/{hers.public_id}/health"
    for step, told in {
        "allergies": {"allergies": [{"to": "青霉素", "reaction": "severe"}]},
        "history": {"history": "左膝关节置换术（2021）", "liver": "normal"},
        "medicines": {"medicines": [{"name": "缬沙坦胶囊", "dosage": "每天一粒"}]},
        "insurance": {"kind": "employee", "number": "1234 5678"},
        "contact": {"name": "李娜", "phone": "１３８００００６６２１", "relation": "child"},
    }.items():
        answer = send(browser, "put", f"{base}/{step}", told)
        assert answer.status_code == 200, answer.json()
        assert answer.json()["step"] == step
    weighed = send(browser, "put", base, {"allergies": [], "weight_kg": "62.5"})
    assert weighed.status_code == 200
    assert send(browser, "put", base, {"allergies": []}).status_code == 200
    hers.refresh_from_db()
    assert (hers.weight_kg, hers.history) == (Decimal("62.5"), "左膝关节置换术（2021）")
    given = selectors.answers_of(hers)
    assert given["insurance"].said == {"kind": "employee", "number": "12345678"}
    assert given["contact"].said["phone"] == "13800006621"
    assert [each.name for each in selectors.told_medicines(hers)] == ["缬沙坦胶囊"]


@pytest.mark.parametrize(
    ("step", "told", "status", "code"),
    [
        ("weight", {}, 400, "malformed"),
        ("weight", {"weight_kg": ""}, 400, "malformed"),
        ("weight", {"weight_kg": "61.5"}, 400, "step-not-asked"),  # doses of hers do not follow it
        ("history", {"history": "无"}, 400, "malformed"),
        (
            "contact",
            {"name": "\u3164", "phone": "13800006621", "relation": "child"},
            400,
            "malformed",
        ),
        ("insurance", {"kind": "employee", "number": "!"}, 400, "insurance-malformed"),
        ("insurance", {"kind": "employee"}, 400, "malformed"),
        ("pregnancy", {"pregnancy": "yes", "is_lactating": False}, 400, "malformed"),
        ("pregnancy", NOT_PREGNANT, 400, "step-not-asked"),  # at 68
        ("blood-group", {}, 404, "not-found"),
    ],
)
def test_an_answer_that_is_none_is_refused_over_the_api(browser, hers, step, told, status, code):
    answer = send(browser, "put", f"/api/v1/patients/{hers.public_id}/health/{step}", told)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not selectors.answers_of(hers)


def test_a_due_date_can_be_told_over_the_api(his, now):
    due = local_date(now) + timedelta(days=100)
    made = his.somebody(sex="female", birth_date="1996-02-03", phone="13711112222")
    user = User.objects.create(phone="13711112222", roles=[Role.PATIENT], password="!")
    who = {"name": made["name"], "id_number": made["id_number"], "relation": "self"}
    patient = services.register(user, **who, at=now)
    told = {"pregnancy": "yes", "is_lactating": False, "due_on": due.isoformat()}
    path = f"/api/v1/patients/{patient.public_id}/health/pregnancy"
    assert send(make.sitting_of(user), "put", path, told).status_code == 200
    patient.refresh_from_db()
    assert (patient.pregnancy, patient.due_on) == ("yes", due)


def test_a_guardian_tells_a_weight_and_ends_their_link_over_the_api_but_not_their_own(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    child = services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    browser = make.sitting_of(guo)
    weight = f"/api/v1/patients/{child.public_id}/health/weight"
    assert send(browser, "put", weight, {"weight_kg": "501"}).json()["code"] == "weight-impossible"
    assert send(browser, "put", weight, {"weight_kg": "18.5"}).status_code == 200
    told = browser.get("/api/v1/patients").json()
    links = {each["relation"]: each["link"] for each in told["rows"]}
    assert told["acting_for_me"] == []
    refused = browser.post(f"/api/v1/links/{links['self']}/end")
    assert refused.status_code == 403
    ended = browser.post(f"/api/v1/links/{links['child']}/end")
    assert (ended.status_code, ended.json()["public_id"]) == (200, links["child"])
    assert browser.post(f"/api/v1/links/{links['child']}/end").json() == ended.json()
    assert [each["relation"] for each in browser.get("/api/v1/patients").json()["rows"]] == ["self"]


def test_oneself_comes_first_also_where_the_own_link_was_begun_again(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    browser = make.sitting_of(guo)
    again = now + timedelta(minutes=1)
    Link.objects.filter(account=guo, relation="self").update(ended_at=again)
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=again)
    assert [link.relation for link in selectors.links_of(guo)] == ["self", "child"]
    assert [each.name for each in selectors.linked_to(guo)] == ["郭立", "郭小满"]
    for path in ("/reports/", "/me/bills/"):
        page = browser.get(path)
        assert page.context["patient"].name == "郭立"
    doctor = make.doctor(at=now)
    page = browser.get("/consult/new/", {"doctor": doctor.public_id, "kind": "advice"})
    assert page.context["patient"].name == "郭立"


def test_an_infants_age_is_said_in_days_on_every_page_of_theirs(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    born = local_date(now) - timedelta(days=20)
    made = his.somebody(
        name="郭小圆",
        birth_date=born.isoformat(),
        guardian={"name": "郭立", "phone": "13800006625", "relationship": "父亲"},
    )
    who = {"name": "郭小圆", "id_number": made["id_number"], "relation": "child"}
    infant = services.register(guo, **who, at=now)
    browser = make.sitting_of(guo)
    for path in ("/me/patients/", f"/me/patients/{infant.public_id}/"):
        page = browser.get(path).content.decode()
        assert "20 天" in page
        assert " 0 岁" not in page


def test_history_and_reports_say_how_old_they_are(browser, hers, his):
    his.is_silent()
    past = browser.get(f"/api/v1/patients/{hers.public_id}/history").json()
    assert past["as_of"]
    assert [d["code"] for d in past["visits"][0]["diagnoses"]] == ["I10", "E11.9"]
    page = browser.get(f"/api/v1/patients/{hers.public_id}/reports").json()
    assert (len(page["rows"]), page["next"]) == (19, None)
    one = browser.get(
        f"/api/v1/patients/{hers.public_id}/reports/{page['rows'][0]['public_id']}"
    ).json()
    assert {"name": "钾", "flag": "high"}.items() <= next(
        i for i in one["items"] if i["code"] == "2823-3"
    ).items()


def test_the_doctor_reads_the_record_with_a_reason_and_leaves_a_trace(doctor, hers, trail):
    sitting, path = make.sitting_of(doctor), f"/api/v1/patients/{hers.public_id}/record"
    assert sitting.get(path).json()["code"] == "why-unknown"
    record = sitting.get(f"{path}?why=care").json()
    assert {p["code"] for p in record["problems"]} == {"I10", "E11.9"}
    assert trail().count("record.read") == 1


def test_the_pane_and_the_page_cost_the_same_few_queries(doctor, hers, trail):
    sitting, path = make.sitting_of(doctor), f"/record/{hers.public_id}/?stream={uuid.uuid4()}"
    with CaptureQueriesContext(connection) as asked:
        pane = sitting.get(path, headers={"HX-Request": "true"})
    assert pane.status_code == 200
    assert "<html" not in pane.content.decode()
    assert "磺胺类" in pane.content.decode()
    real = [q["sql"] for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(real) <= 16
    assert "磺胺类" in sitting.get(path).content.decode()
    assert sitting.get(f"/record/{hers.public_id}/?stream=x").status_code == 404
    assert trail().count("record.read") == 2


# pages -----------------------------------------------------------------------------------------


def test_step_by_step_from_nobody_to_a_full_record(his):
    user = User.objects.create(phone="13800006620", roles=[Role.PATIENT], password="!")
    browser = make.sitting_of(user)
    assert "还没有就诊人" in browser.get("/me/patients/").content.decode()
    told = {
        "relation": "self",
        "name": "王秀兰",
        "id_number": "１１０１０８１９５８０６１７００２０",
    }
    step = browser.post("/me/patients/new/", told)
    assert step.status_code == 302, step.content.decode()
    assert step.url.endswith("/consent/")
    half = browser.post(step.url, {"agree": ["service"]})
    assert half.status_code == 422
    done = browser.post(step.url, {"agree": ["sensitive"]})
    assert done.url.endswith("/health/allergies/")
    assert "磺胺类" in browser.get(done.url).content.decode(), "what the hospital has on record"
    assert browser.post(done.url, {"skip": "1"}).status_code == 422
    none = browser.post(done.url, {"has_allergies": "yes"})
    assert none.status_code == 422
    lines = {"has_allergies": "yes", "to_0": "青霉素", "reaction_0": "severe"}
    health = browser.post(done.url, lines)
    assert health.url.endswith("/health/history/"), health.content.decode()
    elsewhere = make.sitting_of(user)  # another device goes on where this one stopped
    overview = elsewhere.get(health.url.removesuffix("history/")).content.decode()
    assert "接着填：既往史" in overview
    for answer in (
        {"history": "左膝关节置换术", "liver": "normal"},
        {"has_medicines": "yes", "name_0": "鱼油", "dosage_0": "每天一粒"},
        {"kind": "resident", "number": ""},
    ):
        health = elsewhere.post(health.url, answer)
        assert health.status_code == 302, health.content.decode()
    assert health.url.endswith("/health/contact/")
    done = elsewhere.post(health.url, {"skip": "1"})
    page = browser.get(done.url).content.decode()
    assert "青霉素" in page
    assert "磺胺类" in page
    assert "鱼油" in page
    assert "还没填完" not in page
    patient = selectors.linked_to(user).get()
    assert selectors.consents_current(patient, on=local_date(patient.recorded_at))


def test_a_question_that_is_not_put_to_somebody_is_no_page(browser, hers):
    for code in ("weight", "pregnancy", "no-such"):
        assert browser.get(f"/me/patients/{hers.public_id}/health/{code}/").status_code == 404


def test_the_weight_of_a_child_is_asked_again_when_it_is_old(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    child = services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    long_ago = now - timedelta(days=300)
    services.answer(child, "weight", said={"weight_kg": Decimal("14.0")}, by=guo, at=long_ago)
    browser = make.sitting_of(guo)
    page = browser.get(f"/me/patients/{child.public_id}/health/weight/").content.decode()
    assert "请重新称一次" in page
    assert "正在为 <b>郭小满</b> 代办" in page
    browser.post(f"/me/patients/{child.public_id}/health/weight/", {"weight_kg": "１８．５"})
    child.refresh_from_db()
    assert str(child.weight_kg) == "18.5"
    overview = browser.get(f"/me/patients/{child.public_id}/health/").content.decode()
    assert "要重新填" not in overview


def test_every_page_says_for_whom_one_is_acting_and_oneself_is_one_tap_away(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    own = services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    child = services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    browser, bar = make.sitting_of(guo), "正在为 <b>郭小满</b> 代办"
    assert bar not in browser.get("/").content.decode()
    browser.post("/me/acting/", {"patient": str(child.public_id)})
    for path in ("/", "/me/", "/me/patients/", "/reports/", "/me/addresses/", "/inbox/"):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert bar in page.content.decode(), path
    assert bar not in browser.get(f"/me/patients/{own.public_id}/").content.decode()
    browser.post("/me/acting/", {"patient": str(own.public_id)})
    assert bar not in browser.get("/").content.decode()
    browser.post("/me/acting/", {"patient": str(child.public_id)})
    services.end_link(selectors.link_of(guo, child), by=guo, at=now)
    assert bar not in browser.get("/").content.decode(), "a link that ended says nothing"
    browser.post("/me/acting/", {"patient": str(child.public_id)})
    assert bar not in browser.get("/").content.decode(), "and is not chosen again"


def test_an_elder_says_yes_on_the_helpers_screen(wang, his, now, monkeypatch):
    texts = []
    monkeypatch.setattr(
        texting, "send_sms", lambda to, **how: texts.append((to, how["params"]["code"]))
    )
    made = his.somebody(name="王建国", sex="male", birth_date="1945-01-02", phone="13711113333")
    browser = make.sitting_of(wang)
    told = {
        "relation": "helper",
        "name": "王建国",
        "id_number": made["id_number"],
        "phone": "13711113333",
    }
    browser.post("/me/patients/new/", told)
    done = browser.post("/me/patients/new/", told | {"code": texts[-1][1]})
    assert done.status_code == 302, done.content.decode()
    page = browser.get(done.url).content.decode()
    assert "您是代办人" in page
    assert "正在为 <b>王建国</b> 代办" in page
    both = {"agree": ["service", "sensitive"]}
    alone = browser.post(done.url, both)
    assert alone.status_code == 422
    assert "请先给患者本人发验证码" in alone.content.decode()
    browser.post(f"{done.url}code/")
    assert texts[-1][0] == "13711113333"
    wrong = browser.post(done.url, both | {"code": "000000"})
    assert wrong.status_code == 422
    onward = browser.post(done.url, both | {"code": texts[-1][1]})
    assert onward.status_code == 302, onward.content.decode()
    assert onward.url.endswith("/health/allergies/")
    elder = selectors.linked_to(wang).get(links__relation="helper")
    assert selectors.consents_current(elder, on=local_date(now))


def test_a_passport_is_asked_for_birth_date_and_sex(his):
    user = User.objects.create(phone="13800006677", roles=[Role.PATIENT], password="!")
    browser = make.sitting_of(user)
    told = {"relation": "self", "name": "John Smith", "id_kind": "passport"}
    told |= {"id_number": "e 1234 5678"}
    asked = browser.post("/me/patients/new/", told)
    assert asked.status_code == 422
    assert "没有出生日期和性别" in asked.content.decode()
    done = browser.post("/me/patients/new/", told | {"birth_date": "1980-01-02", "sex": "male"})
    assert done.status_code == 302, done.content.decode()
    page = browser.get(f"/me/patients/{selectors.linked_to(user).get().public_id}/")
    assert "护照 E******78" in page.content.decode()


def test_the_record_over_the_api_takes_every_document(his):
    user = User.objects.create(phone="13800006677", roles=[Role.PATIENT], password="!")
    told = {"name": "陈大文", "id_number": "H12345678", "relation": "self", "id_kind": "hk-macao"}
    browser = make.sitting_of(user)
    half = send(browser, "post", "/api/v1/patients", told)
    assert (half.status_code, half.json()["code"]) == (400, "birth-or-sex-missing")
    told |= {"birth_date": "1980-01-02", "sex": "male"}
    made = send(browser, "post", "/api/v1/patients", told).json()
    assert (made["id_kind"], made["id_number"]) == ("hk-macao", "H******78")


def test_who_acts_for_me_stands_on_my_page_and_can_be_stopped(browser, wang, hers, now):
    helper = User.objects.create(phone="13800006678", roles=[Role.PATIENT], password="!")
    link = Link.objects.create(
        account=helper,
        patient=hers,
        relation="helper",
        is_proven=True,
        since=now,
        until=now + timedelta(days=365),
    )
    assert "谁能替我办" in browser.get("/me/patients/").content.decode()
    assert browser.post(f"/me/links/{link.public_id}/end/").status_code == 302
    assert "谁能替我办" not in browser.get("/me/patients/").content.decode()
    assert make.sitting_of(helper).get(f"/me/patients/{hers.public_id}/").status_code == 404


def test_a_mistyped_number_keeps_what_was_typed(his):
    user = User.objects.create(phone="13800006620", roles=[Role.PATIENT], password="!")
    answer = make.sitting_of(user).post(
        "/me/patients/new/", {"relation": "self", "name": "𠮷田", "id_number": WANG[:-1] + "9"}
    )
    assert answer.status_code == 422
    assert "𠮷田" in answer.content.decode()
    assert "逐位核对" in answer.content.decode()


def test_an_adult_of_the_family_confirms_by_a_code(wang, his, now, monkeypatch):
    texts = []
    monkeypatch.setattr(
        texting, "send_sms", lambda to, **how: texts.append((to, how["params"]["code"]))
    )
    made = his.somebody(name="王建国", sex="male", birth_date="1955-01-02", phone="13711113333")
    browser = make.sitting_of(wang)
    told = {
        "relation": "spouse",
        "name": "王建国",
        "id_number": made["id_number"],
        "phone": "13711113333",
    }
    asked = browser.post("/me/patients/new/", told)
    assert "验证码" in asked.content.decode()
    assert "王建国" in asked.content.decode()
    done = browser.post("/me/patients/new/", told | {"code": texts[0][1]})
    assert done.status_code == 302, done.content.decode()
    assert selectors.linked_to(wang).count() == 2


def test_pages_of_a_patient_open_and_the_hospital_may_be_dead(browser, hers, his):
    his.is_silent()
    for path in (
        "/me/patients/",
        "/me/patients/new/",
        f"/me/patients/{hers.public_id}/",
        f"/me/patients/{hers.public_id}/consent/",
        f"/me/patients/{hers.public_id}/health/",
        "/me/consents/",
        "/me/addresses/",
        "/reports/",
        f"/reports/?patient={hers.public_id}",
    ):
        assert browser.get(path).status_code == 200, path
    page = browser.post(f"/me/patients/{hers.public_id}/refresh/", follow=True).content.decode()
    assert "医院系统暂时没有回应" in page
    assert "医院资料截至" in page


def test_asked_again_at_once_both_doors_say_how_long_to_wait(browser, hers):
    api = f"/api/v1/patients/{hers.public_id}/refresh"
    told = browser.post(api).json()
    assert told["is_fresh"] is True
    assert datetime.fromisoformat(told["as_of"]) > hers.person.pulled_at
    again = browser.post(api)
    assert (again.status_code, again.json()["code"]) == (429, "just-refreshed")
    assert 0 < again.json()["facts"]["retry_after"] <= 31
    page = browser.post(f"/me/patients/{hers.public_id}/refresh/", follow=True)
    assert page.status_code == 200
    assert "刚刚已经问过医院系统了" in page.content.decode()


def test_a_report_marks_what_is_abnormal_by_word_and_arrow_too(browser, hers, now):
    page = browser.get("/reports/").content.decode()
    assert "项异常" in page
    report = hers.person.reports.order_by("-at").first()
    page = browser.get(f"/reports/{report.public_id}/").content.decode()
    assert "5.4 ↑" in page
    assert "偏高" in page
    assert "chart-dot is-out" in page


def test_the_report_list_pages_and_costs_the_same(browser, hers, now):
    known = {"updated_at": now, "pulled_at": now}
    Report.objects.bulk_create(
        Report(
            fhir_id=f"r{i}",
            person=hers.person,
            at=now - timedelta(days=i),
            kind="laboratory",
            title="血常规",
            **known,
        )
        for i in range(45)
    )
    with CaptureQueriesContext(connection) as asked:
        page = browser.get("/reports/").content.decode()
    assert page.count('class="row" href="/reports/') == 20
    assert "看更早的" in page
    assert len(asked) <= 16


def test_consents_are_taken_back_on_their_page(browser, wang, hers, now):
    browser.post(f"/me/patients/{hers.public_id}/consent/give/", {"kind": "courier"})
    given = Consent.objects.get()
    assert "药品配送" in browser.get("/me/consents/").content.decode()
    assert browser.post(f"/me/consents/{given.public_id}/withdraw/").status_code == 302
    given.refresh_from_db()
    assert given.withdrawn_at is not None


def test_a_stranger_takes_back_nothing(stranger, wang, hers, now):
    given = services.consent(hers, selectors.newest_texts().get(kind="service"), by=wang, at=now)
    assert stranger.post(f"/me/consents/{given.public_id}/withdraw/").status_code == 404
    kept = services.add_address(
        wang, name="王秀兰", phone="13800006620", region="北京", detail="1 号", at=now
    )
    assert stranger.post(f"/me/addresses/{kept.public_id}/remove/").status_code == 404


def test_addresses_on_their_page(browser, wang):
    wrong = browser.post(
        "/me/addresses/", {"name": "王秀兰", "phone": "123", "region": "北京", "detail": "花园路"}
    )
    assert wrong.status_code == 422
    assert "花园路" in wrong.content.decode()
    right = {
        "name": "王秀兰",
        "phone": "13800006620",
        "region": "北京市海淀区",
        "detail": "花园路 8 号",
    }
    assert browser.post("/me/addresses/", right).status_code == 302
    kept = selectors.addresses_of(wang).get()
    browser.post(f"/me/addresses/{kept.public_id}/remove/")
    assert not selectors.addresses_of(wang).exists()


def test_a_family_member_is_removed_on_their_page(his, now):
    guo = User.objects.create(phone="13800006625", roles=[Role.PATIENT], password="!")
    services.register(guo, name="郭立", id_number=GUARDIAN, relation="self", at=now)
    child = services.register(guo, name="郭小满", id_number=CHILD, relation="child", at=now)
    browser = make.sitting_of(guo)
    assert browser.post(f"/me/patients/{child.public_id}/remove/").status_code == 302
    assert browser.get(f"/me/patients/{child.public_id}/").status_code == 404
