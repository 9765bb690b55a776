"""Every (state, step) of a charge and a refund, in code and in the database."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from hospital.kernel.refusals import WrongState
from hospital.payments.lifecycle import CHARGE, REFUND
from hospital.payments.models import Charge, Refund
from hospital.payments.services import steps
from tests import paying
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

WAYS = {  # how a thing comes to be in a state, by lawful steps
    "open": [],
    "paid": ["settle"],
    "closed": ["close"],
    "asked": [],
    "processing": ["send"],
    "done": ["finish"],
    "failed": ["fail"],
}
PROOF = {"transaction_id": "42", "paid_at": NOON}


def charge_in(state):
    paying.Room().open()
    charge = paying.charge_of(paying.payer())
    for step in WAYS[state]:
        do(charge, step)
    return charge


def refund_in(state):
    charge = charge_in("paid")
    refund = Refund.objects.create(
        charge=charge, amount_fen=1, reason="", refund_no=state, asked_at=NOON, due_at=NOON
    )
    for step in WAYS[state]:
        do(refund, step)
    return refund


def do(thing, step):
    if step == "settle":
        thing.transaction_id, thing.paid_at = thing.trade_no, NOON
    if step == "finish":
        thing.done_at = NOON
    take = steps.step_charge if isinstance(thing, Charge) else steps.step_refund
    return take(step, thing, by=None, at=NOON + timedelta(minutes=1))


def every(lifecycle):
    named = {step for _state, step in lifecycle.steps}
    return [(state, step) for state in sorted(lifecycle.states) for step in sorted(named)]


@pytest.mark.parametrize(("state", "step"), every(CHARGE))
def test_a_charge_steps_along_its_table_only(state, step):
    walk(charge_in(state), step, CHARGE)


@pytest.mark.parametrize(("state", "step"), every(REFUND))
def test_a_refund_steps_along_its_table_only(state, step):
    walk(refund_in(state), step, REFUND)


def walk(thing, step, lifecycle):
    state = str(thing.state)
    after = lifecycle.steps.get((state, step))
    if after is None:
        with pytest.raises(WrongState):
            do(thing, step)
    else:
        assert do(thing, step).state == after
        assert type(thing).objects.get(pk=thing.pk).state == after


@pytest.mark.parametrize(
    ("make", "lifecycle"), [(charge_in, CHARGE), (refund_in, REFUND)], ids=["charge", "refund"]
)
def test_the_database_knows_the_same_table(make, lifecycle):
    lawful = {(state, after) for (state, _step), after in lifecycle.steps.items()}
    for state in lifecycle.states:
        thing = make(state)
        for after in lifecycle.states - {state}:
            changes = {"state": after} | proof_of(after)
            if (state, after) not in lawful:
                with pytest.raises(DatabaseError), transaction.atomic():
                    type(thing).objects.filter(pk=thing.pk).update(**changes)


def proof_of(state):
    return {"paid": PROOF, "done": {"done_at": NOON}}.get(state, {})
