"""A seal and the night's work at the same moment: what is being sealed is not taken."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connections, transaction

from hospital.consultations import services as consultations
from hospital.consultations.models import Message
from hospital.kernel.clock import database_now
from patients import selectors, services
from patients.services import holds, retaining
from tests import consulting, make

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail"])


@pytest.fixture
def ended():
    """A visit whose words are due to go."""
    at = database_now() - timedelta(days=3 * 366)
    user, patient = consulting.wang(at)
    visit = consulting.in_state("open", user, patient, make.doctor(at=at), at=at)
    consulting.said(visit, user, "头晕", at=at)
    return consultations.close(visit, by=visit.doctor.user, at=at)


def the_night_meanwhile() -> None:
    def work() -> None:
        try:
            retaining.purge(at=database_now(), seconds=60)
        finally:
            connections.close_all()

    night = Thread(target=work)
    night.start()
    night.join(timeout=60)


def seal(visit) -> None:
    """Sealed, while the night's work runs before this commits; then the night comes once more."""
    with transaction.atomic():
        services.place_hold(
            visit.patient,
            stream=visit.public_id,
            reason="纠纷",
            by=make.medical_affairs(),
            at=database_now(),
        )
        the_night_meanwhile()
    retaining.purge(at=database_now(), seconds=60)


def test_what_is_being_sealed_is_not_taken(ended):
    seal(ended)
    assert Message.objects.filter(consultation=ended).exists()


def test_without_the_lock_it_would_be(ended, monkeypatch):
    """The negative control: the lock on the patient is what keeps the two apart."""
    monkeypatch.setattr(holds.selectors, "locked", lambda patient: patient)
    assert selectors.locked(ended.patient) is ended.patient
    seal(ended)
    assert not Message.objects.filter(consultation=ended).exists()
