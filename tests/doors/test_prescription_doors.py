"""Prescriptions over HTTP: shapes, who is refused, who cannot even tell that something exists."""

import hashlib
import hmac
import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from doctors import services as doctors
from hospital.consultations import services as visits
from hospital.consultations.models import Consultation
from hospital.kernel.clock import database_now
from hospital.policy.models import Decision
from prescriptions import services
from prescriptions.models import Delivery, Prescription, Track
from tests import consulting, make, prescribing

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return prescribing.cast(at=database_now())


@pytest.fixture
def doctor(cast):
    return make.sitting_of(cast.doctor.user)


@pytest.fixture
def pharmacist(cast):
    return make.sitting_of(cast.pharmacist.user)


@pytest.fixture
def patient(cast):
    return make.sitting_of(cast.user)


def send(client, address, body=None, *, method="post"):
    return getattr(client, method)(
        f"/api/v1/{address}", json.dumps(body or {}), content_type="application/json"
    )


def wish(key=prescribing.AMLODIPINE, **other):
    drug = {"drug": str(prescribing.drug(key).public_id)}
    return drug | {"dose": "5", "frequency": "qd", "days": 7} | other


def written(doctor, cast, *lines, **terms):
    body = {"consultation": str(cast.visit.public_id), "lines": list(lines) or [wish()]} | terms
    return send(doctor, "prescriptions", body)


def test_who_took_a_visit_over_is_offered_what_they_may_do_with_what_comes_back(cast, doctor):
    """Only its author may change a prescription; who attends now withdraws it and writes anew."""
    at, zhou = database_now(), make.doctor("zhouruolan", "周若兰", at=database_now())
    made = prescribing.signed(cast, at=at)
    drawer = reverse("prescriptions:drawer", args=[cast.visit.public_id])
    revise, void = (
        reverse(f"prescriptions:{step}", args=[made.public_id]) for step in ("revise", "void")
    )
    assert revise in doctor.get(drawer).content.decode()
    credential = cast.doctor.credentials.get(state="approved")
    doctors.suspend(credential, by=make.medical_affairs(), at=at, why="投诉核查")
    visits.relieve(cast.visit, at=at)
    consulting.verified(zhou, at=at)
    visits.take_over(cast.visit.handovers.get(), by=zhou.user, at=at)
    services.send_back(made, note="剂量偏大", by=cast.pharmacist.user, at=at)
    taker = make.sitting_of(zhou.user)
    said = taker.get(drawer).content.decode()
    assert (revise in said, void in said) == (False, True)
    assert made.number in taker.get(reverse("prescriptions:written")).content.decode()
    assert taker.post(void).status_code == 302
    assert services.begin(Consultation.objects.get(), by=zhou.user, at=at).doctor == zhou


def test_the_whole_way_over_the_api(cast, doctor, pharmacist, patient):
    made = written(doctor, cast)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["state"], told["decision"], told["findings"]) == ("draft", "pass", [])
    assert told["lines"][0]["says"] == "每天 1 次，每次吃 1 片"
    one = f"prescriptions/{told['public_id']}"
    assert send(doctor, f"{one}/sign").json()["state"] == "signed"
    (waiting,) = pharmacist.get("/api/v1/reviews").json()["rows"]
    assert waiting["public_id"] == told["public_id"]
    assert send(pharmacist, f"{one}/approve", {"note": ""}).json()["state"] == "approved"
    ordered = send(patient, f"{one}/order", {"mode": "window"})
    assert ordered.status_code == 201, ordered.json()
    assert ordered.json()["charge"]["amount_fen"] == told_sum(told)
    seen = patient.get(f"/api/v1/{one}").json()
    assert (seen["state"], seen["reason"], "findings" in seen) == ("approved", "", False)
    listed = patient.get("/api/v1/prescriptions").json()["rows"]
    assert [row["public_id"] for row in listed] == [told["public_id"]]


def told_sum(told):
    return sum(line["packs"] * line["price_fen"] for line in told["lines"])


def test_a_refused_signature_names_every_rule_and_keeps_the_decision(cast, doctor):
    told = written(doctor, cast, wish(prescribing.ALPRAZOLAM, dose="0.4", days=30)).json()
    assert told["decision"] == "block"
    answer = send(doctor, f"prescriptions/{told['public_id']}/sign")
    assert (answer.status_code, answer.json()["code"]) == (422, "rule-broken")
    assert "RX-CONTROLLED" in answer.json()["facts"]["rules"]
    kept = Decision.objects.get(kind="prescription.sign")
    assert (kept.outcome, kept.stream) == ("block", cast.visit.public_id)


def test_strangers_and_colleagues_cannot_tell_that_it_exists(cast, doctor):
    told = written(doctor, cast).json()
    others = {
        "doctor": make.doctor("zhouruolan", "周若兰", at=database_now()).user,
        "patient": consulting.stranger(),
    }
    missing = uuid.uuid4()
    for who, user in others.items():
        client = make.sitting_of(user)
        foreign = client.get(f"/api/v1/prescriptions/{told['public_id']}")
        nowhere = client.get(f"/api/v1/prescriptions/{missing}")
        assert (foreign.status_code, foreign.json()) == (404, nowhere.json()), who
        for page in ("prescriptions/{}/", "prescriptions/{}/print/"):
            assert client.get("/" + page.format(told["public_id"])).status_code == 404
    other = make.sitting_of(others["doctor"])
    assert written(other, cast).status_code == 404
    assert other.get(f"/prescribe/{cast.visit.public_id}/").status_code == 404


def test_a_draft_is_the_doctors_alone(cast, doctor, patient, pharmacist):
    told = written(doctor, cast).json()
    for client in (patient, pharmacist):
        assert client.get(f"/api/v1/prescriptions/{told['public_id']}").status_code == 404


@pytest.mark.parametrize(
    ("who", "step"),
    [
        ("patient", "sign"),
        ("pharmacist", "sign"),
        ("doctor", "approve"),
        ("patient", "approve"),
        ("doctor", "dispense"),
        ("doctor", "order"),
        ("pharmacist", "void"),
    ],
)
def test_each_step_is_the_business_of_one_role(cast, doctor, who, step, request):
    prescription = prescribing.signed(cast, at=database_now())
    client = request.getfixturevalue(who)
    answer = send(client, f"prescriptions/{prescription.public_id}/{step}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed")


@pytest.mark.parametrize(
    "extra",
    [{"state": "approved"}, {"reviewer": "x"}, {"amount_fen": 1}, {"digest": "x"}, {"at": "x"}],
    ids=lambda extra: next(iter(extra)),
)
def test_what_the_platform_decides_cannot_be_sent(cast, doctor, extra):
    answer = written(doctor, cast, **extra)
    assert answer.status_code == 400
    assert list(answer.json()["facts"]["fields"]) == list(extra)


@pytest.mark.parametrize(
    "line",
    [
        {"dose": "1e3"},
        {"dose": "５"},
        {"dose": "-5"},
        {"dose": "5.0001"},
        {"dose": True},
        {"days": "7.0"},
        {"days": 0},
        {"packs": 1000},
        {"frequency": "hourly"},
        {"price_fen": 1},
    ],
    ids=str,
)
def test_a_malformed_line_is_refused_by_name(cast, doctor, line):
    answer = written(doctor, cast, wish(**line))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_the_formulary_marks_what_may_not_be_prescribed_online(doctor):
    rows = doctor.get("/api/v1/formulary?q=阿普唑仑").json()["rows"]
    assert {(row["is_sold"], row["control_class"]) for row in rows} == {(False, "psychotropic_2")}
    assert doctor.get("/api/v1/formulary?q=").json() == {"rows": []}


# --- pages ------------------------------------------------------------------------------------


def form(row, **other):
    return {
        "drug": [str(prescribing.drug(row).public_id)],
        "dose": ["5"],
        "frequency": ["qd"],
        "route": ["oral"],
        "days": ["7"],
        "packs": [""],
        "dx": "I10 原发性高血压",
    } | other


def test_opening_the_drawer_writes_nothing_and_fills_nothing_in(cast, doctor):
    page = doctor.get(f"/prescribe/{cast.visit.public_id}/")
    assert page.status_code == 200
    assert "王秀兰" in page.content.decode()
    assert not Prescription.objects.exists()
    drug = prescribing.drug()
    page = doctor.post(
        f"/prescribe/{cast.visit.public_id}/", {"action": f"add:{drug.public_id}"}
    ).content.decode()
    assert 'name="dose" value=""' in page
    assert 'name="days" value=""' in page


def test_the_drawer_says_what_the_rules_say_while_one_writes(cast, doctor):
    address = f"/prescribe/{cast.visit.public_id}/"
    live = doctor.post(
        address, form(prescribing.ALPRAZOLAM, action="check"), headers={"HX-Request": "true"}
    ).content.decode()
    assert "RX-CONTROLLED" in live
    assert "先处理" in live
    assert "<form" not in live  # what is being typed is not replaced
    fine = doctor.post(
        address, form(prescribing.AMLODIPINE, action="check"), headers={"HX-Request": "true"}
    ).content.decode()
    assert "规则检查通过" in fine


def test_what_was_found_stays_beside_what_is_written(cast, doctor):
    address = f"/prescribe/{cast.visit.public_id}/"
    page = doctor.post(address, form(prescribing.AMLODIPINE, action="find", q="xst"))
    assert "缬沙坦胶囊" in page.content.decode()
    found = doctor.get(f"{address}formulary/?q=apzl").content.decode()
    assert "不可线上开具" in found


def test_signing_in_the_drawer_works_without_scripts(cast, doctor):
    address = f"/prescribe/{cast.visit.public_id}/"
    unfinished = doctor.post(address, form(prescribing.AMLODIPINE, days=[""], action="sign"))
    assert unfinished.status_code == 422
    assert "还有药没有填完" in unfinished.content.decode()
    page = doctor.post(address, form(prescribing.AMLODIPINE, action="sign"))
    assert "已签名，交给药师审核" in page.content.decode()
    assert Prescription.objects.get().state == "signed"


def test_the_pharmacist_reviews_on_one_page_and_the_reading_is_recorded(cast, pharmacist, trail):
    signed = prescribing.signed(cast, at=database_now())
    assert pharmacist.get("/review/").headers["Location"] == f"/review/{signed.public_id}/"
    page = pharmacist.get(f"/review/{signed.public_id}/").content.decode()
    assert "苯磺酸氨氯地平片" in page
    assert trail().count("record.read") == 1
    address = f"/review/{signed.public_id}/"
    empty = pharmacist.post(address, {"step": "return", "note": ""})
    assert empty.status_code == 400
    assert "请写明理由" in empty.content.decode()
    assert pharmacist.post(address, {"step": "approve"}).status_code == 302
    late = pharmacist.post(address, {"step": "return", "note": "晚了"})
    assert late.status_code == 409


def test_the_patients_pages(cast, patient, pharmacist):
    at = database_now()
    approved = prescribing.approved(cast, at=at)
    one = f"/prescriptions/{approved.public_id}/"
    assert "每天 1 次，每次吃 1 片" in patient.get(one).content.decode()
    assert "苯磺酸氨氯地平片" in patient.get("/prescriptions/").content.decode()
    sheet = patient.get(f"{one}print/").content.decode()
    assert "电子签名有效" in sheet
    assert "以下空白" in sheet
    assert patient.get(f"{one}order/").status_code == 200
    missing = patient.post(f"{one}order/", {"mode": "courier"})
    assert missing.status_code == 422
    ordered = patient.post(f"{one}order/", {"mode": "window"})
    assert ordered.headers["Location"].startswith("/pay/")
    assert pharmacist.get("/dispense/").status_code == 200


def test_the_print_says_so_when_a_signature_does_not_hold(cast, patient, monkeypatch):
    approved = prescribing.approved(cast, at=database_now())
    monkeypatch.setattr("prescriptions.selectors.rows.digest_of", lambda text: "0" * 64)
    sheet = patient.get(f"/prescriptions/{approved.public_id}/print/").content.decode()
    assert "这张处方笺不能使用" in sheet


def test_lists_ask_the_same_number_of_questions_however_long(
    cast, patient, django_assert_max_num_queries
):
    for _ in range(3):
        prescribing.signed(cast, at=database_now())
    with django_assert_max_num_queries(16):
        patient.get("/prescriptions/")


# --- the courier ------------------------------------------------------------------------------


@pytest.fixture
def parcel(cast, monkeypatch):
    prescribing.Courier().open(monkeypatch)
    made = prescribing.dispensed(cast, mode="courier", at=database_now())
    return services.ship(made.delivery, by=cast.pharmacist.user, at=database_now())


def letter(parcel, status="delivered", **other):
    return json.dumps(
        {
            "event_id": f"e-{status}",
            "waybill": parcel.waybill,
            "order_no": str(parcel.public_id),
            "status": status,
            "at": "2026-03-10T12:00:00+08:00",
            "description": "已签收",
        }
        | other
    ).encode()


def call(body, settings, *, key=None, stamp=None):
    stamp = stamp or str(int(database_now().timestamp()))
    told = f"{stamp}\nnonce\n".encode() + body
    right = hmac.new((key or settings.COURIER_KEY).encode(), told, hashlib.sha256).hexdigest()
    headers = {
        "X-Courier-Timestamp": stamp,
        "X-Courier-Nonce": "nonce",
        "X-Courier-Signature": right,
    }
    client = Client(enforce_csrf_checks=True)
    return client.post("/callbacks/courier", body, content_type="application/json", headers=headers)


def test_the_couriers_word_counts_once(parcel, settings, trail):
    for _ in range(3):
        assert call(letter(parcel), settings).status_code == 204
    assert Delivery.objects.get().state == "delivered"
    assert (Track.objects.count(), trail().count("delivery.deliver")) == (1, 1)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"key": "somebody else's key"}, "signature"),
        ({"stamp": "1700000000"}, "timestamp"),
    ],
    ids=["forged", "replayed"],
)
def test_a_forged_or_old_word_changes_nothing(parcel, settings, how, code):
    answer = call(letter(parcel), settings, **how)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Delivery.objects.get().state == "shipped"


@pytest.mark.parametrize(
    "wrong",
    [{"waybill": "SF9"}, {"order_no": str(uuid.UUID(int=7))}, {"order_no": "x"}, {"at": "gestern"}],
    ids=str,
)
def test_a_word_about_another_parcel_changes_nothing(parcel, settings, wrong):
    assert call(letter(parcel, **wrong), settings).status_code == 400
    assert Delivery.objects.get().state == "shipped"
