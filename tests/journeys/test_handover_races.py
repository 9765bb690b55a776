"""Handing over, two at once; and what happens where the lock is taken out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections

from audit import drain
from doctors import services as doctors
from doctors.models import Credential
from hospital.consultations import selectors, services
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.services import handing
from hospital.kernel.refusals import NotAllowed, WrongState
from hospital.payments.models import Refund
from tests import consulting, make
from tests.conftest import NOON
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail"])
SOON, LATE = NOON + timedelta(minutes=1), NOON + timedelta(hours=5)


A_WHILE = 0.4  # seconds; enough for the other to have come to the lock


@pytest.fixture
def ground():
    """An open visit of a suspended doctor, and two colleagues who could go on."""
    doctor = make.doctor()
    colleagues = make.doctor("zhouruolan", "周若兰"), make.doctor("suqing", "苏晴")
    visit = consulting.in_state("open", *consulting.wang(), doctor)
    for each in colleagues:
        consulting.verified(each)
    return doctor, visit, colleagues


def suspend(doctor):
    credential = Credential.objects.get(clinician=doctor, state="approved")
    return doctors.suspend(credential, by=make.medical_affairs(), at=NOON, why="投诉核查")


def offered(doctor, visit):
    suspend(doctor)
    services.relieve(visit, at=NOON)
    return Handover.objects.get(consultation=visit, state="asked")


def takes(handover, who):
    return lambda: services.take_over(handover, by=who.user, at=SOON)


def test_of_two_colleagues_who_take_at_once_one_does(ground, trail):
    doctor, visit, (one, other) = ground
    handover = offered(doctor, visit)
    outcomes = at_once(takes(handover, one), takes(handover, other))
    assert sorted(type(each).__name__ for each in outcomes) == ["Consultation", "WrongState"]
    assert trail().count("handover.take") == 1
    visit.refresh_from_db()
    assert visit.doctor == Handover.objects.get().taken_by


def unlocked(monkeypatch, together=None):
    """The negative control: the same services, without the row locks."""
    visits = Consultation.objects.select_related("patient", "doctor__department", "doctor__user")
    offers = Handover.objects.select_related("former__department", "former__user")

    def read(handover):
        found = offers.get(pk=handover.pk)
        if together:
            together.wait(timeout=10)
        return found

    monkeypatch.setattr(selectors, "locked", lambda each: visits.get(pk=each.pk))
    monkeypatch.setattr(selectors, "locked_handover", read)


def test_without_the_lock_the_second_is_stopped_by_the_database_and_not_by_a_sentence(
    ground, monkeypatch
):
    doctor, visit, (one, other) = ground
    handover = offered(doctor, visit)
    unlocked(monkeypatch, threading.Barrier(2))
    outcomes = at_once(takes(handover, one), takes(handover, other))
    assert not any(isinstance(each, WrongState) for each in outcomes)
    assert sum(isinstance(each, DatabaseError) for each in outcomes) == 1
    visit.refresh_from_db()
    assert visit.doctor == Handover.objects.get().taken_by


def test_taking_and_running_out_at_once_never_both(ground):
    doctor, visit, (one, _other) = ground
    handover = offered(doctor, visit)
    consulting.verified(one, at=LATE)
    at_once(
        lambda: services.take_over(handover, by=one.user, at=LATE),
        lambda: handing.run_out(handover, at=LATE),
    )
    visit.refresh_from_db()
    handover.refresh_from_db()
    assert (visit.state, handover.state, Refund.objects.count()) in (
        ("open", "taken", 0),
        ("referred", "ended", 1),
    )


@pytest.fixture
def aside():
    """Run things on connections of their own."""

    def run(work):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        yield lambda work: pool.submit(run, work)


def stopped_after(monkeypatch, look):
    """A step stops once it has looked at the licence: it has, and let it go."""
    looked, go_on = threading.Event(), threading.Event()

    def slowly(*args):
        answer = look(*args)
        looked.set()
        assert go_on.wait(timeout=10)
        return answer

    monkeypatch.setattr(selectors, "holds_practice", slowly)
    return looked, go_on


def test_an_order_waits_for_the_doctor_who_takes_the_same_patient_over(ground, monkeypatch, aside):
    doctor, visit, (one, _other) = ground
    handover = offered(doctor, visit)
    looked, go_on = stopped_after(monkeypatch, selectors.holds_practice)
    taking = aside(takes(handover, one))
    assert looked.wait(10)
    order = lambda: consulting.ordered(visit.asked_by, visit.patient, one, at=SOON)  # noqa: E731
    ordering = aside(order)
    with pytest.raises(TimeoutError):
        ordering.result(A_WHILE)
    go_on.set()
    assert taking.result(10).doctor == one
    with pytest.raises(WrongState) as refused:
        ordering.result(10)
    assert refused.value.code == "already-open"


def test_a_suspension_waits_for_the_visit_being_closed(ground, monkeypatch, aside):
    doctor, visit, _colleagues = ground
    looked, go_on = stopped_after(monkeypatch, selectors.holds_practice)
    closing = aside(lambda: services.close(visit, by=doctor.user, at=NOON))
    assert looked.wait(10)
    suspending = aside(lambda: suspend(doctor))
    with pytest.raises(TimeoutError):
        suspending.result(A_WHILE)
    go_on.set()
    assert closing.result(10).state == "closed"
    assert suspending.result(10).state == "suspended"
    monkeypatch.undo()
    assert not services.relieve(visit, at=NOON)


def test_without_holding_the_licence_a_visit_is_closed_by_a_suspended_doctor(
    ground, monkeypatch, aside
):
    """The negative control: the same close, that only looks."""
    doctor, visit, _colleagues = ground
    looked, go_on = stopped_after(monkeypatch, lambda *_args: True)
    closing = aside(lambda: services.close(visit, by=doctor.user, at=NOON))
    assert looked.wait(10)
    assert aside(lambda: suspend(doctor)).result(10).state == "suspended"
    assert not closing.done()
    go_on.set()
    assert closing.result(10).state == "closed"


def test_who_wants_to_close_after_the_suspension_may_not(ground):
    doctor, visit, _colleagues = ground
    suspend(doctor)
    with pytest.raises(NotAllowed) as refused:
        services.close(visit, by=doctor.user, at=NOON)
    assert refused.value.code == "not-practising"


def test_a_feed_told_twice_at_once_offers_once_and_refunds_once(ground, trail):
    doctor, visit, _colleagues = ground
    suspend(doctor)
    relieve = lambda: services.relieve(visit, at=NOON)  # noqa: E731
    assert sorted(at_once(relieve, relieve)) == [False, True]
    assert Handover.objects.count() == 1
    assert trail().count("handover.ask") == 1


def test_without_the_lock_a_feed_told_twice_comes_to_the_database(ground, monkeypatch):
    """The negative control: both believe that nothing is offered; the second is stopped late."""
    doctor, visit, _colleagues = ground
    suspend(doctor)
    unlocked(monkeypatch)
    together = threading.Barrier(2)
    look = selectors.open_handover

    def both_look(consultation):
        found = look(consultation)
        together.wait(timeout=10)
        return found

    monkeypatch.setattr(selectors, "open_handover", both_look)
    relieve = lambda: services.relieve(visit, at=NOON)  # noqa: E731
    outcomes = at_once(relieve, relieve)
    assert sum(isinstance(each, DatabaseError) for each in outcomes) == 1
    assert Handover.objects.count() == 1


def test_a_waiting_order_is_given_back_once_by_two_at_once():
    doctor = make.doctor()
    visit = consulting.in_state("waiting", *consulting.wang(), doctor)
    suspend(doctor)
    relieve = lambda: services.relieve(visit, at=NOON)  # noqa: E731
    assert sorted(at_once(relieve, relieve)) == [False, True]
    assert Refund.objects.count() == 1


def test_the_real_feed_hands_over_what_a_suspension_leaves(ground):
    """Nobody calls us here: the event of the suspension is drained as in production."""
    doctor, visit, _colleagues = ground
    suspend(doctor)
    drain.drain("consultations", at=NOON)
    assert Handover.objects.get(consultation=visit).state == "asked"
    assert drain.drain("consultations", at=NOON) == 0
