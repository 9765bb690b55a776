"""One bill, several who would pay it at once: here, here again, and at the window."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection

from hospital.his import gateways as cashiers
from hospital.his import mirror
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import WrongState
from hospital.payments import gateways
from hospital.payments import services as payments
from hospital.payments.models import Charge, Refund
from patients import selectors, services
from patients.models import BillPayment, Link
from tests import consulting, paying
from tests.billing import Cashier
from tests.faults.test_payment_races import as_owner
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.committed]


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def cashier(monkeypatch):
    till = paying.Gateway()
    monkeypatch.setattr(gateways, "channel", lambda _name: till)
    cashier = Cashier()
    monkeypatch.setattr(cashiers, "read", cashier.read)
    monkeypatch.setattr(cashiers, "notify_paid", cashier.notify_paid)
    return cashier


@pytest.fixture
def wang(now):
    return consulting.wang(at=now)


@pytest.fixture
def bill(cashier, wang, now):
    return cashier.raises(wang[1].person, at=now)


def orders(bill, patient, *people, at):
    return at_once(
        *(partial(services.order_bill, bill, patient, by=each, at=at) for each in people)
    )


def test_a_thumb_that_taps_ten_times_opens_one_charge(bill, wang, now):
    user, patient = wang
    charges = orders(bill, patient, *[user] * 6, at=now)
    assert {charge.pk for charge in charges} == {Charge.objects.get().pk}


def test_two_of_the_family_at_once_are_asked_for_the_money_once(bill, wang, now):
    user, patient = wang
    lina = consulting.account("13800006630", "李娜")
    Link.objects.create(account=lina, patient=patient, relation="parent", is_proven=True, since=now)
    outcomes = orders(bill, patient, user, lina, at=now)
    refused = [each for each in outcomes if isinstance(each, WrongState)]
    assert [each.code for each in refused] == ["bill-being-paid"]
    assert BillPayment.objects.filter(state="open").count() == 1


def without_looking(monkeypatch):
    """As if nobody locked the bill and nobody saw what lives for it."""
    monkeypatch.setattr(selectors, "lock_bill", lambda _public_id: None)
    monkeypatch.setattr(selectors, "living_payment", lambda _bill: None)


def test_without_our_lock_the_database_still_lets_one_charge_live(bill, wang, now, monkeypatch):
    without_looking(monkeypatch)
    outcomes = orders(bill, wang[1], wang[0], wang[0], at=now)
    assert sum(isinstance(each, DatabaseError) for each in outcomes) == 1
    assert Charge.objects.count() == BillPayment.objects.count() == 1


def test_without_lock_and_constraints_two_would_be_asked(bill, wang, now, monkeypatch):
    """The negative control: it shows that the tests above can fail."""
    without_looking(monkeypatch)
    as_owner("DROP INDEX charge_once_for_a_thing; DROP INDEX bill_paid_once")
    outcomes = orders(bill, wang[1], wang[0], wang[0], at=now)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert BillPayment.objects.filter(state="open").count() == 2


@pytest.mark.parametrize("turn", range(4))
def test_paid_here_while_the_window_is_heard_of_keeps_no_money_twice(
    cashier, bill, wang, now, turn
):
    """The mirror learns of the window's money in the moment in which ours comes."""
    charge = services.order_bill(bill, wang[1], by=wang[0], at=now)
    cashier.window_pays(bill, at=now + timedelta(seconds=1))
    heard = partial(mirror.take, "Invoice", [cashier.invoices[bill.fhir_id]], at=now)
    sweep = partial(services.sweep_bills, at=now + timedelta(seconds=1))
    works = [partial(paying.settle, charge, at=now), heard, sweep]
    outcomes = at_once(*works[turn % 3 :], *works[: turn % 3])
    assert not [each for each in outcomes if isinstance(each, Exception)]
    services.sweep_bills(at=now + timedelta(hours=1))
    charge.refresh_from_db()
    assert charge.refunded_fen == charge.amount_fen == Refund.objects.get().amount_fen
    assert BillPayment.objects.get().state in {"closed", "returned"}
    assert cashier.notices == {}


def test_two_sweeps_at_once_tell_the_cashiers_once_and_pay_once(cashier, bill, wang, now):
    charge = services.order_bill(bill, wang[1], by=wang[0], at=now)
    paying.settle(charge, at=now)
    sweep = partial(services.sweep_bills, at=now + timedelta(seconds=1))
    outcomes = at_once(*[sweep] * 4)
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert (list(cashier.notices.values()), cashier.told) == ([bill.fhir_id], 1)
    assert BillPayment.objects.get().state == "told"


@pytest.mark.parametrize("turn", range(4))
def test_the_window_and_the_notice_at_once_leave_one_payment(cashier, bill, wang, now, turn):
    charge = services.order_bill(bill, wang[1], by=wang[0], at=now)
    paying.settle(charge, at=now)
    tell = partial(services.sweep_bills, at=now + timedelta(seconds=1))
    window = partial(cashier.window_pays, bill, at=now)
    at_once(*((tell, window) if turn % 2 else (window, tell)))
    services.sweep_bills(at=now + timedelta(hours=1))
    charge.refresh_from_db()
    kept_here = charge.amount_fen - charge.refunded_fen
    kept_there = bill.total_fen if cashier.paid_at_window else 0
    assert kept_here + kept_there == bill.total_fen


def test_the_connection_of_these_tests_is_real():
    assert not connection.in_atomic_block
    assert payments.sweep(at=database_now()) == 0
