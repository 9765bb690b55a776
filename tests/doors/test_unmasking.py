"""What identifies a patient is masked in lists; in full only with a reason, and in the trail."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from hospital.kernel.refusals import NotAllowed, Refused, TooMany
from patients import services
from patients.models import Patient, Unmasking
from tests import consulting, make, prescribing
from tests.conftest import NOON
from tests.make import sitting_of

pytestmark = pytest.mark.django_db
NAME, PHONE = "王秀兰", "13800006620"
ASKED = {"details": ["name", "phone"], "reason": "contact", "note": "停诊，要改约到周五"}


@pytest.fixture
def patient() -> Patient:
    return consulting.wang(NOON)[1]


def address(patient: Patient) -> str:
    return f"/admin/patients/{patient.public_id}/"


def office(role: str = "outpatient_office"):
    return make.staff(f"{role}-1", role)


def test_the_page_of_a_patient_is_masked(patient):
    page = sitting_of(office("medical_affairs")).get(address(patient)).content.decode()
    assert "王**" in page
    assert "138****6620" in page
    assert f"110***********{patient.id_number[-4:]}" in page
    assert not [word for word in (NAME, PHONE, patient.id_number) if word in page]


def test_it_is_shown_in_full_for_one_view_and_leaves_row_and_reason(patient, trail):
    client = sitting_of(office())
    shown = client.post(address(patient), ASKED).content.decode()
    assert (NAME in shown, PHONE in shown, patient.id_number in shown) == (True, True, False)
    again = client.get(address(patient)).content.decode()
    assert (NAME in again, PHONE in again) == (False, False)
    row = Unmasking.objects.get()
    assert (row.details, row.reason, row.note) == (["name", "phone"], "contact", ASKED["note"])
    event = trail("patient.unmask")[0]
    assert (event.about, event.actor) == (patient.public_id, office().public_id)
    assert event.facts == {"why": "manage", "reason": "contact", "fields": ["name", "phone"]}
    assert ASKED["note"] not in str(event.facts)


@pytest.mark.parametrize(
    "lacks",
    [{"reason": ""}, {"note": ""}, {"note": "看看"}, {"details": []}, {"reason": "curious"}],
)
def test_without_a_reason_nothing_is_shown(patient, trail, lacks):
    answer = sitting_of(office()).post(address(patient), ASKED | lacks)
    assert answer.status_code == 422
    assert not [word for word in (NAME, PHONE) if word in answer.content.decode()]
    assert not Unmasking.objects.exists()
    assert "patient.unmask" not in trail()


@pytest.mark.parametrize(
    "role", ["finance", "pharmacy", "it", "system_admin", "security_admin", "audit_admin", "doctor"]
)
def test_no_other_role_may(patient, role):
    client = sitting_of(office(role))
    asked = f"/api/v1/patients/{patient.public_id}/unmask"
    page = client.get(address(patient))
    assert page.status_code in (302, 403)
    assert "王**" not in page.content.decode()
    assert client.post(address(patient), ASKED).status_code in (302, 403)
    answer = client.post(asked, ASKED, content_type="application/json")
    assert answer.status_code == 403
    assert not Unmasking.objects.exists()


def test_a_detail_that_the_office_has_no_work_with_is_refused(patient):
    wanted = {"details": ["id_number"], "reason": "identity", "note": "同名同姓，要核对"}
    with pytest.raises(NotAllowed) as refused:
        services.unmask(patient, **wanted, by=office(), at=NOON)
    assert refused.value.code == "detail-not-yours"
    shown = services.unmask(patient, **wanted, by=office("medical_affairs"), at=NOON)
    assert shown == {"id_number": patient.id_number}


def test_it_asks_for_a_fresh_proof(patient):
    stale = sitting_of(office(), fresh=False)
    asked = f"/api/v1/patients/{patient.public_id}/unmask"
    answer = stale.post(asked, ASKED, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "step-up")
    assert stale.post(address(patient), ASKED).status_code == 302
    assert not Unmasking.objects.exists()
    fresh = sitting_of(office()).post(asked, ASKED, content_type="application/json")
    assert fresh.json() == {"details": {"name": NAME, "phone": PHONE}}


def test_who_is_not_here_and_who_has_left_look_the_same(patient):
    client = sitting_of(office())
    nobody = client.get(f"/admin/patients/{uuid4()}/")
    patient.restricted_at, patient.retain_until = NOON, NOON.date()
    patient.save()
    gone = client.get(address(patient))
    assert (nobody.status_code, gone.status_code) == (404, 404)


def test_how_often_is_bounded(patient):
    by = office()
    for _ in range(60):
        services.unmask(patient, **ASKED, by=by, at=NOON)
    with pytest.raises(TooMany):
        services.unmask(patient, **ASKED, by=by, at=NOON)


def test_a_reason_out_of_no_catalogue_is_refused_by_the_service_too(patient):
    with pytest.raises(Refused) as refused:
        services.unmask(patient, **ASKED | {"reason": "curious"}, by=office(), at=NOON)
    assert refused.value.code == "reason-unknown"


def test_the_row_stands(patient):
    services.unmask(patient, **ASKED, by=office(), at=NOON)
    for act in (
        lambda: Unmasking.objects.update(reason="complaint"),
        lambda: Unmasking.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_lists_of_managers_and_of_the_pharmacy_are_masked_and_one_parcel_is_not(monkeypatch):
    cast = prescribing.cast()
    made = prescribing.paid(cast, mode="courier")
    orders = sitting_of(office()).get("/admin/consultations/consultation/").content.decode()
    assert f'<a href="{address(cast.patient)}">王**</a>' in orders
    assert NAME not in orders
    pharmacist = sitting_of(cast.pharmacist.user)
    listed = pharmacist.get("/dispense/").content.decode()
    assert ("王**" in listed, NAME in listed, "花园北路" in listed) == (True, False, False)
    one = pharmacist.get(f"/dispense/{made.public_id}/").content.decode()
    assert (NAME in one, "花园北路" in one, PHONE in one) == (True, True, False)


def test_the_queue_of_reviews_is_masked_and_the_one_under_review_is_not():
    cast = prescribing.cast()
    made = prescribing.signed(cast)
    page = sitting_of(cast.pharmacist.user).get(f"/review/{made.public_id}/")
    queue, _, sheet = page.content.decode().partition('class="pane ph-main"')
    assert ("王**" in queue, NAME in queue, NAME in sheet) == (True, False, True)
