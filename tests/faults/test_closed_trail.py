"""No audit, no act (8.1.4.3d): where the trail takes nothing, nothing is done and nothing shown."""

import json

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from hospital.consultations import services as consultations
from hospital.consultations.models import Consultation, Message
from hospital.kernel.clock import database_now
from hospital.payments.models import Charge
from patients import services as patients
from patients.models import Address, Consent
from prescriptions import services as prescribe
from prescriptions.models import Dispensing, Drug, Prescription
from tests import make, prescribing

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])
TABLES = (Consultation, Message, Charge, Address, Consent, Prescription, Dispensing, Drug)


@pytest.fixture
def cast():
    return prescribing.cast(at=database_now())


@pytest.fixture
def close_the_trail():
    def close():
        with connections["owner"].cursor() as cursor:
            cursor.execute("REVOKE INSERT ON audit_event FROM hospital_runtime")

    return close


def as_it_stands() -> str:
    """Every row of the tables that the commands below would write."""
    return json.dumps(
        {model.__name__: list(model.objects.order_by("pk").values_list("pk", *_plain(model)))
         for model in TABLES},
        default=str,
    )  # fmt: skip


def _plain(model) -> list[str]:
    names = {field.attname for field in model._meta.concrete_fields}
    return sorted(names & {"state", "packs", "last_seq", "withdrawn_at", "digest"})


def test_every_command_fails_and_leaves_nothing_half_done(cast, close_the_trail):
    at = database_now()
    draft = prescribing.draft(cast, at=at)
    other = prescribing.another_patient(cast, at=at)
    ready = prescribing.paid(other, at=at)
    home = prescribing.address(cast.user)
    consent = Consent.objects.filter(patient=cast.patient).first()
    before = as_it_stands()
    close_the_trail()
    acts = {
        "sign": lambda: prescribe.sign(draft, by=cast.doctor.user, at=at),
        "dispense": lambda: prescribe.dispense(ready, by=cast.pharmacist.user, at=at),
        "close": lambda: consultations.close(cast.visit, by=cast.doctor.user, at=at),
        "withdraw": lambda: patients.withdraw(consent, by=cast.user, at=at),
        "forget": lambda: patients.remove_address(home, by=cast.user, at=at),
        "add": lambda: prescribing.address(cast.user),
    }
    for name, act in acts.items():
        with pytest.raises(DatabaseError, match="permission denied"):
            act()
        assert as_it_stands() == before, name


def test_a_record_is_not_shown_where_its_reading_cannot_be_recorded(cast, close_the_trail):
    at = database_now()
    made = prescribing.paid(cast, at=at)
    client = make.sitting_of(cast.doctor.user)
    client.raise_request_exception = False
    pages = [
        f"/record/{cast.patient.public_id}/",
        f"/doctor/work/{cast.visit.public_id}/",
        f"/api/v1/consultations/{cast.visit.public_id}/messages",
        f"/api/v1/prescriptions/{made.public_id}",
        f"/prescriptions/{made.public_id}/print/",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    close_the_trail()
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 500, page
        assert cast.patient.name not in answer.content.decode()
    with pytest.raises(DatabaseError, match="permission denied"):
        patients.open_record(cast.patient, by=cast.doctor.user, at=at, why="care")


def test_a_wrong_password_leaves_a_line_or_no_answer(cast, close_the_trail):
    """A guess that leaves no trace would be a free guess."""
    close_the_trail()
    client = Client(raise_request_exception=False)
    body = {"username": cast.doctor.user.username, "password": "wrong wrong", "otp": "000000"}
    answer = client.post("/api/v1/sign-in/staff", body, content_type="application/json")
    assert answer.status_code == 500


def test_pages_without_anybodys_data_are_still_there(cast, close_the_trail):
    close_the_trail()
    assert Client().get("/sign-in/").status_code == 200
    assert Client().get("/doctors/").status_code == 200
