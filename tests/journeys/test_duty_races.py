"""Two who write the roster at the same moment: one of them is first, also without our locks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from doctors import services
from doctors.models import Clinician, Duty
from doctors.services import duty as rostering
from hospital.kernel.refusals import WrongState
from tests import make
from tests.conftest import NOON
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def twice(who, *, shift=0):
    by = make.medical_affairs()

    def roster(hours):
        start = NOON + hours * HOUR
        return lambda: services.roster(
            who, starts_at=start, ends_at=start + 2 * HOUR, by=by, at=NOON
        )

    return at_once(roster(1), roster(1 + shift))


def test_of_two_overlapping_duties_written_at_once_one_stands():
    outcomes = twice(make.pharmacist(on_duty=False), shift=1)
    assert sorted(type(each).__name__ for each in outcomes) == ["Duty", "WrongState"]
    refused = next(each for each in outcomes if isinstance(each, WrongState))
    assert refused.code == "duty-overlap"
    assert Duty.objects.count() == 1


def test_two_duties_one_after_the_other_both_stand():
    assert all(isinstance(each, Duty) for each in twice(make.pharmacist(on_duty=False), shift=2))


def test_without_lock_and_look_the_database_still_lets_one_stand(monkeypatch):
    """The negative control: what the service does is taken out, the trigger is what remains."""
    who = make.pharmacist(on_duty=False)
    monkeypatch.setattr(rostering, "_held", lambda each: Clinician.objects.get(pk=each.pk))
    monkeypatch.setattr(rostering, "clashing", lambda *_times: False)
    outcomes = twice(who, shift=1)
    assert sorted(type(each).__name__ for each in outcomes) == ["Duty", "IntegrityError"]
    assert any(isinstance(each, IntegrityError) for each in outcomes)
    assert Duty.objects.count() == 1
