"""Step-up and readiness: what weighs much, and what comes before everything."""

from datetime import timedelta

import pyotp
import pytest
from django.urls import reverse

from hospital.accounts import factors, readiness, stepping_up
from hospital.accounts import services as accounts
from hospital.accounts.models import Sitting, User, Verification
from hospital.kernel.clock import database_now
from hospital.notifications import gateways
from hospital.policy import services as policies
from hospital.policy.selectors import current
from prescriptions.models import Prescription
from tests import consulting, make, prescribing

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return database_now()


@pytest.fixture
def cast(at):
    return prescribing.cast(at=at)


def sign(client, draft):
    return client.post(f"/api/v1/prescriptions/{draft.public_id}/sign")


def minutes_ago(user, session, minutes):
    at = database_now() - timedelta(minutes=minutes) + timedelta(seconds=2)
    return accounts.verified(user, method="totp", at=at, session=session)


def digest_of(user):
    return Sitting.objects.filter(user=user).latest("seen_at").pk


def test_a_signature_wants_a_fresh_proof_and_a_draft_does_not(cast, at):
    draft = prescribing.draft(cast, at=at)
    stale = make.sitting_of(cast.doctor.user, fresh=False)
    refused = sign(stale, draft)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up")
    assert refused.json()["facts"] == {"methods": ["totp"]}
    assert stale.get(f"/api/v1/prescriptions/{draft.public_id}").status_code == 200
    assert sign(make.sitting_of(cast.doctor.user), draft).status_code == 200


@pytest.mark.parametrize(("minutes", "good"), [(15, True), (16, False)])
def test_the_window_is_fifteen_minutes(cast, at, minutes, good):
    draft = prescribing.draft(cast, at=at)
    client = make.sitting_of(cast.doctor.user, fresh=False)
    minutes_ago(cast.doctor.user, digest_of(cast.doctor.user), minutes)
    assert (sign(client, draft).status_code == 200) is good


def test_the_hospital_may_narrow_the_window(cast, at):
    client = make.sitting_of(cast.doctor.user, fresh=False)
    session = digest_of(cast.doctor.user)
    minutes_ago(cast.doctor.user, session, 6)
    assert stepping_up.is_fresh(cast.doctor.user, session)
    assert current().values.step_up_minutes == 15
    policies.publish({"step_up_minutes": 5}, by=make.medical_affairs(), at=at, note="更严")
    assert not stepping_up.is_fresh(cast.doctor.user, session)
    assert client.get("/api/v1/session").status_code == 200


def test_a_proof_given_in_another_sitting_is_none_here(cast, at):
    draft = prescribing.draft(cast, at=at)
    make.sitting_of(cast.doctor.user)  # the other one is fresh
    here = make.sitting_of(cast.doctor.user, fresh=False)
    assert sign(here, draft).json()["code"] == "step-up"


def test_anothers_proof_in_ones_own_sitting_is_none(cast):
    make.sitting_of(cast.doctor.user, fresh=False)
    session = digest_of(cast.doctor.user)
    minutes_ago(cast.pharmacist.user, session, 1)
    assert not stepping_up.is_fresh(cast.doctor.user, session)


def test_asking_costs_one_query_and_only_where_it_is_wanted(
    cast, django_assert_num_queries, monkeypatch
):
    user = cast.doctor.user
    make.sitting_of(user)
    session = digest_of(user)
    from hospital.kernel.access import backend  # noqa: PLC0415 - the gate's own

    with django_assert_num_queries(1):
        assert backend().hurdle(user, session, "prescription.sign") is None
    with django_assert_num_queries(0):
        assert backend().hurdle(user, session, "prescription.write") is None


def test_the_page_leads_to_the_proof_and_back_and_the_draft_is_kept(cast, at):
    """The doctor has typed a dose; it is in the draft when they come back."""
    draft = prescribing.draft(cast, at=at)
    drawer = reverse("prescriptions:drawer", args=[cast.visit.public_id])
    client = make.sitting_of(cast.doctor.user, fresh=False)
    line = draft.lines.get()
    form = {"action": "sign", "dx": "I10", "drug": str(line.drug.public_id), "dose": "10",
            "frequency": "qd", "route": "oral", "days": "7", "packs": ""}  # fmt: skip
    led = client.post(drawer, form, headers={"Referer": f"http://testserver{drawer}"})
    assert led.status_code == 302
    assert led["Location"] == f"/me/verify/?next={drawer.replace('/', '%2F')}"
    draft.refresh_from_db()
    assert (draft.state, draft.lines.get().dose) == ("draft", 10)
    code = pyotp.TOTP(cast.doctor.user.factor.secret).now()
    back = client.post("/me/verify/", {"otp": code, "next": drawer})
    assert back["Location"] == drawer
    assert client.post(drawer, form).status_code in {200, 422}  # asked on its merits now
    assert Verification.objects.filter(user=cast.doctor.user, method="totp").count() >= 1


def test_a_fragment_is_told_where_to_go_by_its_header(cast, at):
    draft = prescribing.draft(cast, at=at)
    client = make.sitting_of(cast.doctor.user, fresh=False)
    work = reverse("consultations:work-one", args=[cast.visit.public_id])
    line = draft.lines.get()
    form = {"action": "sign", "drug": str(line.drug.public_id), "dose": "5", "frequency": "qd",
            "route": "oral", "days": "7", "packs": ""}  # fmt: skip
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{work}"}
    led = client.post(
        reverse("prescriptions:drawer", args=[cast.visit.public_id]), form, headers=headers
    )
    assert led["HX-Redirect"] == f"/me/verify/?next={work.replace('/', '%2F')}"


def test_a_form_on_a_foreign_page_leads_home(cast, at):
    client = make.sitting_of(cast.doctor.user, fresh=False)
    pharmacist = make.sitting_of(cast.pharmacist.user, fresh=False)
    signed = prescribing.signed(cast, at=at)
    review = reverse("prescriptions:review", args=[signed.public_id])
    led = pharmacist.post(
        review, {"step": "approve"}, headers={"Referer": "https://evil.example/x"}
    )
    assert led["Location"] == "/me/verify/?next=%2F"
    assert client.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("step", ["approve", "return", "reject"])
def test_the_pharmacists_word_wants_a_fresh_proof_and_reading_does_not(cast, at, step):
    signed = prescribing.signed(cast, at=at)
    review = reverse("prescriptions:review", args=[signed.public_id])
    stale = make.sitting_of(cast.pharmacist.user, fresh=False)
    assert stale.get(review).status_code == 200
    assert stale.post(review, {"step": step, "note": "剂量"})["Location"].startswith("/me/verify/")
    body = {"note": "剂量"}
    path = f"/api/v1/prescriptions/{signed.public_id}/{step}"
    answer = stale.post(path, body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step-up")
    assert Prescription.objects.get(pk=signed.pk).state == "signed"
    fresh = make.sitting_of(cast.pharmacist.user)
    assert fresh.post(path, body, content_type="application/json").status_code == 200


def test_a_code_typed_for_the_second_signature_proves_as_much(cast, at):
    draft = prescribing.draft(cast, at=at)
    client = make.sitting_of(cast.doctor.user, fresh=False)
    line = draft.lines.get()
    code = pyotp.TOTP(cast.doctor.user.factor.secret).now()
    form = {"action": "sign", "dx": "I10", "drug": str(line.drug.public_id), "dose": "5",
            "frequency": "qd", "route": "oral", "days": "7", "packs": "", "otp": code}  # fmt: skip
    drawer = reverse("prescriptions:drawer", args=[cast.visit.public_id])
    answer = client.post(drawer, form)
    assert answer.status_code == 200, answer.content.decode()[-500:]
    assert Prescription.objects.get(pk=draft.pk).state == "signed"


def test_a_refused_step_is_in_the_trail(cast, at, trail):
    sign(make.sitting_of(cast.doctor.user, fresh=False), prescribing.draft(cast, at=at))
    assert [e.facts["code"] for e in trail("door.refuse")][-1] == "step-up"


# --- patients --------------------------------------------------------------------------------
@pytest.fixture
def texts(monkeypatch):
    sent = []
    monkeypatch.setattr(
        gateways, "send_sms", lambda phone, **how: sent.append((phone, how["params"]["code"]))
    )
    return sent


def test_a_patient_steps_up_by_a_code_to_their_own_phone(texts):
    user = consulting.account("13800006620", "王秀兰")
    client = make.sitting_of(user, fresh=False)
    assert not stepping_up.is_fresh(user, digest_of(user))
    client.post("/me/verify/code/", {"next": "/me/"})
    assert texts[0][0] == "13800006620"
    assert client.post("/me/verify/", {"code": texts[0][1], "next": "/me/"})["Location"] == "/me/"
    assert stepping_up.is_fresh(user, digest_of(user))
    assert Verification.objects.get(user=user).method == "sms"


def test_a_code_for_signing_in_does_not_step_up(texts):
    user = consulting.account("13800006620", "王秀兰")
    client = make.sitting_of(user, fresh=False)
    asked = client.post("/api/v1/sign-in/code", {"phone": "13800006620"}, "application/json")
    body = {"code_id": asked.json()["code_id"], "code": texts[0][1]}
    answer = client.post("/api/v1/verify", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "code-expired")


def test_staff_do_not_step_up_by_a_text_nor_patients_by_a_dynamic_code(texts):
    doctor, patient = make.doctor().user, consulting.account("13800006620", "王秀兰")
    assert make.sitting_of(doctor).post("/api/v1/verify/code").status_code == 403
    answer = make.sitting_of(patient).post("/api/v1/verify", {"otp": "000000"}, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "otp-wrong")
    assert texts == []


# --- readiness --------------------------------------------------------------------------------
def unready(user, **columns):
    client = make.sitting_of(user)
    User.objects.filter(pk=user.pk).update(**columns)
    return client


@pytest.fixture
def dr_chen():
    return make.doctor().user


@pytest.mark.parametrize(
    ("columns", "page", "code"),
    [
        ({"factor_set_at": None}, "/me/enrol/", "enrol-first"),
        ({"password_set_at": None}, "/me/password/", "password-expired"),
    ],
)
def test_whoever_is_not_ready_gets_nothing_but_ready(dr_chen, columns, page, code):
    client = unready(dr_chen, **columns)
    led = client.get("/doctor/")
    assert led["Location"] == f"{page}?next=%2Fdoctor%2F"
    answer = client.get("/api/v1/consultations")
    assert (answer.status_code, answer.json()["code"]) == (403, code)
    assert client.get(page).status_code == 200
    assert client.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize(("days", "old"), [(89, False), (90, True)])
def test_a_password_serves_ninety_days(dr_chen, days, old):
    dr_chen.password_set_at = database_now() - timedelta(days=days, seconds=5)
    assert readiness.is_password_old(dr_chen) is old


def test_the_demonstrations_password_does_not_age(dr_chen):
    dr_chen.password_set_at, dr_chen.is_demo = database_now() - timedelta(days=400), True
    assert readiness.what_is_missing(dr_chen) is None


def test_patients_are_always_ready():
    patient = consulting.account("13800006620", "王秀兰")
    assert readiness.what_is_missing(patient) is None


def test_whoever_has_a_factor_enrols_another_only_freshly(dr_chen):
    stale = make.sitting_of(dr_chen, fresh=False)
    assert stale.get("/me/enrol/")["Location"].startswith("/me/verify/")
    assert make.sitting_of(dr_chen).get("/me/enrol/").status_code == 200


def test_enrolling_makes_ready_proves_and_ends_other_sittings(dr_chen):
    other = make.sitting_of(dr_chen)
    factors.Factor.objects.filter(user=dr_chen).delete()
    client = unready(dr_chen, factor_set_at=None)
    page = client.get("/me/enrol/").content.decode()
    secret = page.partition("<code")[2].partition(">")[2].partition("<")[0].replace(" ", "")
    assert "data:image/svg+xml;base64," in page
    wrong = client.post("/me/enrol/", {"otp": "000000"})
    assert wrong.status_code == 422
    assert secret in wrong.content.decode().replace(" ", "")
    done = client.post("/me/enrol/", {"otp": pyotp.TOTP(secret).now(), "next": "/doctor/"})
    assert done["Location"] == "/doctor/"
    assert client.get("/doctor/").status_code == 200
    assert other.get("/api/v1/session").json()["signed_in"] is False
    assert dr_chen.verifications.filter(method="totp").exists()
    dr_chen.refresh_from_db()
    assert dr_chen.factor.secret == secret
