"""The last one who may wait is one person, however many come at once."""

from datetime import date

import pytest

from doctors import selectors as doctors
from doctors import services
from hospital.consultations.models import Consultation
from tests import consulting, make
from tests.conftest import NOON
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two():
    """A doctor with whom one may wait, and two patients who order at once, of different kinds."""
    doctor = make.doctor()
    services.set_promises(doctor, reply_minutes=30, pause_at=1, by=doctor.user, at=NOON)
    zhao = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 40))
    his = consulting.account("13800006621", "赵建民")
    known = consulting.known(his, zhao)
    wang, hers = consulting.wang()
    return (
        lambda: consulting.ordered(wang, hers, doctor),
        lambda: consulting.ordered(his, known, doctor, kind="advice", diagnoses=[]),
    )


def test_two_orders_at_once_pause_after_the_first(two):
    outcomes = [type(each).__name__ for each in at_once(*two)]
    assert sorted(outcomes) == ["Consultation", "RuleBroken"]
    assert Consultation.objects.count() == 1


def test_without_the_lock_both_would_wait(two, monkeypatch):
    """The negative control: it is the lock on all of the doctor's services that holds this."""
    import threading  # noqa: PLC0415

    both_have_read = threading.Barrier(2)

    def unlocked(clinician):
        return {each.kind: each for each in clinician.services.all()}

    real = doctors.availability

    def slowly(rows, at):
        found = real(rows, at)
        both_have_read.wait(10)
        return found

    monkeypatch.setattr(doctors, "locked_services", unlocked)
    monkeypatch.setattr(doctors, "availability", slowly)
    outcomes = [type(each).__name__ for each in at_once(*two)]
    assert outcomes == ["Consultation", "Consultation"]
