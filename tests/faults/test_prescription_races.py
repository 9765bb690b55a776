"""Two people at once, with real transactions; and what happens where a lock is taken away."""

import threading

import psycopg2
import pytest
from django.db import DatabaseError, connection

from hospital.kernel.refusals import Refused, WrongState
from prescriptions import selectors, services
from prescriptions.models import Dispensing, Drug, Prescription
from prescriptions.services import dispensing
from tests import databases, make, prescribing
from tests.conftest import NOON
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
TABLES = ("prescriptions_prescription", "prescriptions_dispensing")


@pytest.fixture
def cast():
    return prescribing.cast()


@pytest.fixture
def dingyi():
    return make.pharmacist("dingyi", "丁怡")


def without_locks(monkeypatch, *, then=None):
    """The negative control: everybody reads the row before anybody writes, and no trigger looks.

    `then` is called with the row after all have read; it may hold somebody back.
    """
    all_read = threading.Barrier(2)

    def read(prescription):
        row = Prescription.objects.select_related("consultation", "patient", "doctor__user").get(
            pk=prescription.pk
        )
        all_read.wait(timeout=10)
        if then is not None:
            then()
        return row

    monkeypatch.setattr(selectors, "locked", read)
    address = databases.environment_of(connection.settings_dict["NAME"])["DATABASE_OWNER_URL"]
    with psycopg2.connect(address) as owner, owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    owner.close()


def two_reviews(prescription, cast, dingyi):
    return at_once(
        lambda: services.approve(prescription, by=cast.pharmacist.user, at=NOON),
        lambda: services.reject(prescription, note="与诊断不符", by=dingyi.user, at=NOON),
    )


def reviews_in(trail):
    return [kind for kind in trail() if kind in ("prescription.approve", "prescription.reject")]


def test_two_pharmacists_at_once_come_to_one_review(cast, dingyi, trail):
    outcomes = two_reviews(prescribing.signed(cast), cast, dingyi)
    assert sorted(type(each).__name__ for each in outcomes) == ["Prescription", "WrongState"]
    assert len(reviews_in(trail)) == 1


def test_without_the_lock_two_pharmacists_both_decide(cast, dingyi, trail, monkeypatch):
    """The negative control of the test above."""
    signed = prescribing.signed(cast)
    without_locks(monkeypatch)
    outcomes = two_reviews(signed, cast, dingyi)
    assert not any(isinstance(each, Exception) for each in outcomes)
    assert len(reviews_in(trail)) == 2


def test_an_approval_and_a_withdrawal_at_once_end_withdrawn(cast):
    signed = prescribing.signed(cast)
    approved, voided = at_once(
        lambda: services.approve(signed, by=cast.pharmacist.user, at=NOON),
        lambda: services.void(signed, by=cast.doctor.user, at=NOON),
    )
    assert not isinstance(voided, Exception)
    assert isinstance(approved, Prescription | WrongState)
    signed.refresh_from_db()
    assert signed.state == "void"


def test_without_the_lock_a_withdrawn_prescription_is_approved(cast, monkeypatch):
    """The negative control of the test above."""
    signed, withdrawn = prescribing.signed(cast), threading.Event()
    doctor_thread = []

    def hold_the_pharmacist():
        if threading.get_ident() not in doctor_thread:
            withdrawn.wait(timeout=10)

    def withdraw():
        doctor_thread.append(threading.get_ident())
        try:
            return services.void(signed, by=cast.doctor.user, at=NOON)
        finally:
            withdrawn.set()

    without_locks(monkeypatch, then=hold_the_pharmacist)
    outcomes = at_once(lambda: services.approve(signed, by=cast.pharmacist.user, at=NOON), withdraw)
    assert not any(isinstance(each, Exception) for each in outcomes)
    signed.refresh_from_db()
    assert signed.state == "approved"


def two_dispensings(prescription, cast, dingyi):
    return at_once(
        lambda: services.dispense(prescription, by=cast.pharmacist.user, at=NOON),
        lambda: services.dispense(prescription, by=dingyi.user, at=NOON),
    )


def test_it_is_dispensed_once(cast, dingyi):
    paid, before = prescribing.paid(cast), prescribing.drug().packs
    outcomes = two_dispensings(paid, cast, dingyi)
    assert sorted(type(each).__name__ for each in outcomes) == ["Dispensing", "WrongState"]
    assert Dispensing.objects.count() == 1
    assert prescribing.drug().packs == before - 1


def test_without_the_lock_only_the_database_stops_the_second_dispensing(cast, dingyi, monkeypatch):
    """The negative control of the test above: the services alone would hand out twice."""
    paid = prescribing.paid(cast)
    without_locks(monkeypatch)
    outcomes = two_dispensings(paid, cast, dingyi)
    assert sum(isinstance(each, DatabaseError) for each in outcomes) == 1
    assert not any(isinstance(each, Refused) for each in outcomes)


@pytest.fixture
def last_pack(cast):
    """Two paid prescriptions of the same medicine, and one pack on the shelf."""
    both = prescribing.paid(cast), prescribing.paid(prescribing.another_patient(cast))
    Drug.objects.filter(key=prescribing.AMLODIPINE).update(packs=1)
    return both


def both_at_once(last_pack, cast, dingyi):
    mine, other = last_pack
    return at_once(
        lambda: services.dispense(mine, by=cast.pharmacist.user, at=NOON),
        lambda: services.dispense(other, by=dingyi.user, at=NOON),
    )


def test_the_last_pack_goes_to_one_of_two(last_pack, cast, dingyi):
    outcomes = both_at_once(last_pack, cast, dingyi)
    assert sorted(type(each).__name__ for each in outcomes) == ["Dispensing", "Refused"]
    assert prescribing.drug().packs == 0


def test_looking_before_taking_would_sell_the_last_pack_twice(last_pack, cast, dingyi, monkeypatch):
    """The negative control of the test above: check, then write, as one would at first."""
    all_looked = threading.Barrier(2)

    def look_then_take(lines):
        drug = Drug.objects.get(pk=lines[0].drug_id)
        all_looked.wait(timeout=10)
        if drug.packs < lines[0].packs:
            raise Refused("out of stock", code="out-of-stock")
        Drug.objects.filter(pk=drug.pk).update(packs=drug.packs - lines[0].packs)

    monkeypatch.setattr(dispensing, "_take_from_the_shelf", look_then_take)
    outcomes = both_at_once(last_pack, cast, dingyi)
    assert [type(each).__name__ for each in outcomes] == ["Dispensing", "Dispensing"]
