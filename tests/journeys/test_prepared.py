"""A prepared query answers as the QuerySet does, for every caller, or says that it cannot."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from hospital.accounts.models import User
from hospital.kernel.prepared import Prepared, Unpreparable
from patients import readers, selectors
from patients.models import Allergy, Link, Patient
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    people = [
        consulting.person(name, phone, date(1960, 1, 1), ("I10", "原发性高血压", 40))
        for name, phone in (("王秀兰", "13800006620"), ("赵建民", "13800006621"))
    ]
    users = [consulting.account(who.phone, who.name) for who in people]
    return [consulting.known(user, who) for user, who in zip(users, people, strict=True)]


def test_each_is_answered_with_their_own_and_sealed_columns_open(two):
    first, second = two
    for patient, to in ((first, "青霉素"), (second, "磺胺类"), (second, "海鲜")):
        Allergy.objects.create(patient=patient, to=to, reaction="mild", source="self", at=NOON)
    told = Prepared(lambda pk: Allergy.objects.filter(patient=pk).order_by("pk"))
    for _again in range(7):  # PostgreSQL takes one plan for all from the sixth on
        assert [each.to for each in told(first.pk)] == ["青霉素"]
        assert [each.to for each in told(second.pk)] == ["磺胺类", "海鲜"]
    assert told(-1) == []


def test_what_is_joined_reckoned_and_constant_comes_along(two):
    patient = two[0]
    mine = Prepared(
        lambda pid, account: (
            Patient.objects.filter(
                Q(restricted_at=None) | Q(restricted_at__gt=Now()), public_id=pid, liver="normal"
            )
            .select_related("person")
            .annotate(is_mine=Exists(Link.objects.filter(account=account, patient=OuterRef("pk"))))
        )
    )
    account = patient.links.get().account_id
    assert [(p, p.person.name, p.is_mine) for p in mine(patient.public_id, account)] == [
        (patient, "王秀兰", True)
    ]
    assert [p.is_mine for p in mine(patient.public_id, -1)] == [False]
    assert mine(uuid.uuid4(), account) == []


def test_a_query_that_reckons_with_an_argument_is_not_prepared(two):
    twice = Prepared(lambda number: Patient.objects.filter(pk=number + 1))
    with pytest.raises(Unpreparable):
        twice(two[0].pk)


def test_a_query_that_decides_by_an_argument_is_not_prepared(two):
    even = Prepared(
        lambda number: (
            Patient.objects.filter(pk=number)
            if number % 2
            else Patient.objects.filter(person=number)
        )
    )
    with pytest.raises(Unpreparable):
        even(two[0].pk)


def test_a_query_that_asks_the_database_while_it_is_built_is_not_prepared(two):
    def near(account):
        mine = list(Link.objects.filter(account=account).values_list("patient", flat=True))
        return Patient.objects.exclude(pk__in=mine)

    with pytest.raises(Unpreparable):
        Prepared(near)(two[0].links.get().account_id)


@pytest.mark.django_db(transaction=True)
def test_a_new_session_of_the_database_is_told_again(two):
    named = Prepared(lambda pk: Patient.objects.filter(pk=pk))
    assert named(two[0].pk) == [two[0]]
    connection.close()
    assert named(two[0].pk) == [two[0]]


def test_who_is_reached_is_who_is_visible_on_the_same_ground(two):
    patient, foreign = two
    doctor = make.doctor()
    consulting.in_state("open", patient.links.get().account, patient, doctor)
    users = [doctor.user, patient.links.get().account, make.staff("p", "pharmacist"), _nobody()]
    for user in users:
        for one in (patient, foreign):
            reached = selectors.reached(user, one.public_id)
            assert (reached is not None) == selectors.visible_to(user).filter(pk=one.pk).exists()
            if reached is not None:
                assert reached == readers.Reached(one, readers.ground_of(user, one))
    assert selectors.reached(doctor.user, patient.public_id).ground == "care"
    assert selectors.reached(doctor.user, uuid.uuid4()) is None


def test_a_restricted_record_is_reached_by_nobody(two):
    patient = two[0]
    Patient.objects.filter(pk=patient.pk).update(restricted_at=NOON, retain_until=date(2050, 1, 1))
    assert selectors.reached(patient.links.get().account, patient.public_id) is None


def _nobody():
    return User.objects.create(phone="13900000000", name="路人", roles=["patient"], password="!")
