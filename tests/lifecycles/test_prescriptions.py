"""Every (state, step) pair: what the table allows happens, what it does not is refused, here and
in PostgreSQL."""

import pytest
from django.db import DatabaseError, transaction

from hospital.kernel.refusals import WrongState
from prescriptions import services
from prescriptions.lifecycle import DELIVERY, LIFECYCLE, DeliveryState, State
from prescriptions.models import Delivery, Prescription
from tests import prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

STEPS = sorted({step for _state, step in LIFECYCLE.steps})
PAIRS = [(str(state), step) for state in State for step in STEPS]


@pytest.fixture
def cast():
    return prescribing.cast()


def take(step, prescription, cast):
    """The step as whoever takes it would."""
    doctor, pharmacist = cast.doctor.user, cast.pharmacist.user
    match step:
        case "sign":
            return services.sign(prescription, by=doctor, at=NOON)
        case "approve":
            return services.approve(prescription, by=pharmacist, at=NOON)
        case "return":
            return services.send_back(prescription, note="剂量偏大", by=pharmacist, at=NOON)
        case "reject":
            return services.reject(prescription, note="与诊断不符", by=pharmacist, at=NOON)
        case "dispense":
            return services.dispense(prescription, by=pharmacist, at=NOON)
        case "expire":
            return services.expire(prescription, at=prescribing.LATE)
        case "void":
            return services.void(prescription, by=doctor, at=NOON)
    raise AssertionError(step)


@pytest.mark.parametrize(("state", "step"), PAIRS)
def test_a_step_leads_where_the_table_says_or_nowhere(cast, state, step, trail):
    prescription = prescribing.in_state(state, cast)
    before = trail().count(f"prescription.{step}")
    expected = LIFECYCLE.steps.get((state, step))
    if expected is not None:
        take(step, prescription, cast)
        counted = before + 1
    else:
        if step == "expire":  # the sweep's: it looks again and lets be
            take(step, prescription, cast)
        else:
            with pytest.raises(WrongState) as refused:
                take(step, prescription, cast)
            assert refused.value.facts == {"state": state, "step": step}
        expected, counted = state, before
    prescription.refresh_from_db()
    assert prescription.state == expected
    assert trail().count(f"prescription.{step}") == counted


def _forbidden(lifecycle, states, state):
    edges = {(before, after) for (before, _), after in lifecycle.steps.items()}
    return [str(to) for to in states if to != state and (state, to) not in edges]


@pytest.mark.parametrize("state", list(State))
def test_the_database_knows_the_same_steps(cast, state):
    prescription = prescribing.in_state(state, cast)
    for to in _forbidden(LIFECYCLE, State, state):
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Prescription.objects.filter(pk=prescription.pk).update(state=to)


def delivery_in(state, cast, monkeypatch):
    match state:
        case DeliveryState.ORDERED:
            made = prescribing.ordered(cast, prescribing.approved(cast), "courier")
        case DeliveryState.PACKED:
            made = prescribing.dispensed(cast, mode="courier")
        case DeliveryState.CANCELLED:
            made = prescribing.ordered(cast, prescribing.approved(cast), "courier")
            services.void(made, by=cast.doctor.user, at=NOON)
        case _:
            delivery = prescribing.shipped(cast, monkeypatch)
            status = {DeliveryState.DELIVERED: "delivered", DeliveryState.RETURNED: "returned"}
            if state in status:
                services.hear_courier(prescribing.news(delivery, status[state]), at=NOON)
            made = delivery.prescription
    delivery = Delivery.objects.get(prescription=made)
    assert delivery.state == state
    return delivery


@pytest.mark.parametrize("state", list(DeliveryState))
def test_the_database_knows_the_steps_of_a_delivery(cast, state, monkeypatch):
    delivery = delivery_in(state, cast, monkeypatch)
    for to in _forbidden(DELIVERY, DeliveryState, state):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(state=to)
    if state == DeliveryState.PACKED:  # by courier it is shipped before it is delivered
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.DELIVERED)
