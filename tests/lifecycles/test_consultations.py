"""Every (state, step) pair: what the table allows happens, what it does not is refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from doctors import services as doctors
from hospital.consultations import services
from hospital.consultations.lifecycle import LIFECYCLE, State
from hospital.consultations.models import Consultation
from hospital.consultations.services import attending, ordering, paying
from hospital.kernel.refusals import Refused, WrongState
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

STEPS = sorted({step for _state, step in LIFECYCLE.steps})
LATE = NOON + timedelta(days=5)


@pytest.fixture
def cast():
    user, patient = consulting.wang()
    return user, patient, make.doctor()


def take(step: str, consultation: Consultation, user, doctor):
    """The step as whoever takes it would; False or a refusal where nothing happened."""
    by = doctor.user
    match step:
        case "pay":
            charge = consultation.charge
            with transaction.atomic():
                paying.lock(consultation.public_id)
                return paying.settled(charge, NOON)
        case "cancel":
            return services.cancel(consultation, by=user, at=NOON)
        case "expire":
            return ordering.expire(consultation, at=LATE)
        case "accept":
            consulting.verified(doctor)
            return services.accept(consultation, by=by, at=NOON)
        case "decline":
            return services.decline(consultation, reason="no-time", by=by, at=NOON)
        case "lapse":
            return attending.lapse(consultation, at=LATE)
        case "close":
            return services.close(consultation, by=by, at=NOON)
        case "refer":
            return services.refer(consultation, reason="needs-examination", by=by, at=NOON)
        case "withdraw":
            licence = doctor.credentials.get(state="approved")
            doctors.suspend(licence, by=make.medical_affairs(), at=NOON, why="投诉核查")
            done = services.relieve(consultation, at=NOON)
            consultation.refresh_from_db()
            return done and consultation.state != State.OPEN  # which is offered to colleagues
    raise AssertionError(step)


def attempt(step: str, consultation: Consultation, user, doctor) -> bool:
    """Whether the step was taken; a refusal says where it stands."""
    try:
        return take(step, consultation, user, doctor) is not False
    except WrongState as refused:
        return refused.facts != {"state": consultation.state, "step": step}


@pytest.mark.parametrize("state", [str(state) for state in State])
def test_each_step_leads_where_the_table_says_or_nowhere(cast, state, trail):
    user, _patient, doctor = cast
    consultation = consulting.in_state(state, *cast)
    for step in STEPS:
        expected = LIFECYCLE.steps.get((state, step))
        with transaction.atomic():
            before = trail().count(f"consultation.{step}")
            assert attempt(step, consultation, user, doctor) is (expected is not None), step
            consultation.refresh_from_db()
            assert consultation.state == (expected or state), step
            after = trail().count(f"consultation.{step}")
            assert after - before == (1 if expected else 0), step
            transaction.set_rollback(True)
        consultation.refresh_from_db()


FORBIDDEN = [
    (str(a), str(b))
    for a in State
    for b in State
    if a != b and b not in {end for (start, _s), end in LIFECYCLE.steps.items() if start == a}
]


@pytest.mark.parametrize("state", [str(state) for state in State])
def test_the_database_knows_the_same_edges(cast, state):
    consultation = consulting.in_state(state, *cast)
    for _start, end in [pair for pair in FORBIDDEN if pair[0] == state]:
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            Consultation.objects.filter(pk=consultation.pk).update(
                state=end, ended_at=NOON, accepted_at=NOON, verification=consultation.public_id
            )


def test_the_database_lets_none_begin_anywhere_else(cast):
    consultation = consulting.in_state("closed", *cast)
    consultation.pk, consultation.charge, consultation.state = None, None, "closed"
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        consultation.save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        {"fee_fen": 1},
        {"kind": "advice"},
        {"diagnoses": []},
        {"guardian_present": True},
        {"pay_by": LATE},
        {"ordered_at": LATE},
    ],
)
def test_the_database_keeps_what_was_ordered(cast, change):
    consultation = consulting.in_state("open", *cast)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Consultation.objects.filter(pk=consultation.pk).update(**change)


def test_the_database_keeps_patient_doctor_and_the_row_itself(cast):
    consultation = consulting.in_state("open", *cast)
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    with pytest.raises(DatabaseError, match="by a handover alone"), transaction.atomic():
        Consultation.objects.filter(pk=consultation.pk).update(doctor=other)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Consultation.objects.filter(pk=consultation.pk)._raw_delete("default")


@pytest.mark.parametrize("step", ["accept", "decline", "close", "refer", "cancel"])
def test_nobody_else_takes_a_step(cast, step):
    state = {"close": "open", "refer": "open"}.get(step, "waiting")
    consultation = consulting.in_state(state, *cast)
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    with pytest.raises(Refused) as refused:
        take(step, consultation, consulting.stranger(), other)
    assert refused.value.status == 403
