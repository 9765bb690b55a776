"""Every state and step of a bill paid online, in code and in the database."""

import itertools

import pytest
from django.db import DatabaseError, transaction

from hospital.kernel.refusals import WrongState
from patients.lifecycle import BILL_PAYMENT, BillPaymentState
from patients.models import BillPayment
from tests import consulting, paying
from tests.billing import Cashier
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
WAYS = {
    "open": (),
    "paid": ("paid",),
    "told": ("paid", "told"),
    "returned": ("paid", "returned"),
    "closed": ("closed",),
}


@pytest.fixture
def payment():
    user, patient = consulting.wang()
    paying.Room().open()
    bill = Cashier().raises(patient.person, at=NOON)
    charge = paying.charge_of(user)
    return BillPayment.objects.create(bill=bill, charge=charge, about=patient.public_id, at=NOON)


def moved(payment, state):
    told = NOON if state == BillPaymentState.TOLD else None
    BillPayment.objects.filter(pk=payment.pk).update(state=state, due_at=NOON, told_at=told)


def test_the_code_takes_the_steps_of_the_table_and_no_others():
    steps = {step for _state, step in BILL_PAYMENT.steps}
    for state, step in itertools.product(BillPaymentState.values, steps):
        if (state, step) in BILL_PAYMENT.steps:
            assert BILL_PAYMENT.after(state, step) == BILL_PAYMENT.steps[state, step]
        else:
            with pytest.raises(WrongState):
                BILL_PAYMENT.after(state, step)


def test_the_database_follows_the_table_too(payment):
    edges = {(state, after) for (state, _step), after in BILL_PAYMENT.steps.items()}
    pairs = itertools.product(BillPaymentState.values, repeat=2)
    for before, after in ((a, b) for a, b in pairs if a != b):
        with transaction.atomic():
            for state in WAYS[before]:
                moved(payment, state)
            try:
                with transaction.atomic():
                    moved(payment, after)
            except DatabaseError:
                assert (before, after) not in edges
            else:
                assert (before, after) in edges
            transaction.set_rollback(True)


def test_a_payment_is_neither_deleted_nor_about_something_else(payment):
    for change in (payment.delete, lambda: BillPayment.objects.update(about=payment.public_id)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
