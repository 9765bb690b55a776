"""Two at once, with real transactions; where a lock protects, what happens without it."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connections

from hospital.consultations import selectors, services
from hospital.consultations.models import Consultation, Message
from hospital.consultations.services import attending, ordering
from hospital.consultations.services import paying as till
from hospital.kernel.refusals import Refused, RuleBroken, WrongState
from hospital.payments import hooks
from hospital.payments.models import Refund
from tests import consulting, make, paying
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def cast():
    return *consulting.wang(), make.doctor()


def at_once(*works):
    """Run each in a thread and connection of its own, all from one moment on; what each came to."""
    together = threading.Barrier(len(works))

    def run(work):
        try:
            together.wait()
            return work()
        except (Refused, DatabaseError) as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def unlocked(monkeypatch, after_reading=lambda: None):
    """The negative control: the same services, without the row lock."""
    rows = Consultation.objects.select_related("patient", "doctor__department", "doctor__user")

    def read(consultation):
        found = rows.get(pk=consultation.pk)
        after_reading()
        return found

    monkeypatch.setattr(selectors, "locked", read)


def test_two_accepts_at_once_open_it_once(cast, trail):
    _user, _patient, doctor = cast
    waiting = consulting.in_state("waiting", *cast)
    consulting.verified(doctor)
    accept = lambda: services.accept(waiting, by=doctor.user, at=SOON)  # noqa: E731
    outcomes = at_once(accept, accept)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Consultation", "WrongState"]
    assert trail().count("consultation.accept") == 1
    assert Message.objects.filter(consultation=waiting).count() == 1


def test_accept_and_cancel_at_once_never_both(cast, trail):
    user, _patient, doctor = cast
    waiting = consulting.in_state("waiting", *cast)
    consulting.verified(doctor)
    outcomes = at_once(
        lambda: services.accept(waiting, by=doctor.user, at=SOON),
        lambda: services.cancel(waiting, by=user, at=SOON),
    )
    assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == 1
    waiting.refresh_from_db()
    assert Refund.objects.count() == (1 if waiting.state == "cancelled" else 0)


def test_both_sides_talk_at_once_without_gap_or_double(cast):
    user, _patient, doctor = cast
    opened = consulting.in_state("open", *cast)

    def talk(by):
        def speak():
            for number in range(10):
                mark = uuid.uuid4()
                consulting.said(opened, by, f"{number}", client_id=mark)
                consulting.said(opened, by, f"{number}", client_id=mark)

        return speak

    assert at_once(talk(user), talk(doctor.user), talk(user), talk(doctor.user)) == [None] * 4
    seqs = list(Message.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, 42))
    opened.refresh_from_db()
    assert opened.last_seq == 41
    for who in (user, doctor.user):
        own = Message.objects.filter(by=who).order_by("seq")
        assert len(own) == 20


def test_the_same_message_sent_ten_times_at_once_stands_once(cast):
    user, _patient, _doctor = cast
    opened = consulting.in_state("open", *cast)
    mark = uuid.uuid4()
    outcomes = at_once(*[lambda: consulting.said(opened, user, client_id=mark)] * 10)
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Message.objects.filter(client_id=mark).count() == 1


def test_without_the_lock_the_database_still_lets_no_gap_in(cast, monkeypatch):
    """The negative control of the two above: one of the two senders loses, loudly."""
    user, _patient, doctor = cast
    opened = consulting.in_state("open", *cast)
    unlocked(monkeypatch, after_reading=threading.Barrier(2).wait)
    outcomes = at_once(
        lambda: consulting.said(opened, user), lambda: consulting.said(opened, doctor.user)
    )
    assert sum(isinstance(outcome, DatabaseError) for outcome in outcomes) == 1
    seqs = list(Message.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == [1, 2]


def test_without_the_lock_two_accepts_both_believe_they_opened_it(cast, monkeypatch, trail):
    _user, _patient, doctor = cast
    waiting = consulting.in_state("waiting", *cast)
    consulting.verified(doctor)
    unlocked(monkeypatch, after_reading=threading.Barrier(2).wait)
    monkeypatch.setattr(attending, "mark", lambda *_args, **_how: None)
    accept = lambda: services.accept(waiting, by=doctor.user, at=SOON)  # noqa: E731
    at_once(accept, accept)
    assert trail().count("consultation.accept") == 2


def test_payment_and_cancel_at_once_end_paid_or_refunded(cast, trail):
    user, _patient, _doctor = cast
    made = consulting.ordered(*cast)
    paid, cancelled = at_once(
        lambda: paying.settle(made.charge, at=SOON),
        lambda: services.cancel(made, by=user, at=SOON),
    )
    assert not isinstance(paid, Exception)
    assert not isinstance(cancelled, Exception)
    made.refresh_from_db()
    assert made.state == "cancelled"  # before the payment, or after it as a waiting one
    assert Refund.objects.get(charge=made.charge).amount_fen == 8000
    assert trail().count("consultation.cancel") == 1


def test_without_the_lock_a_payment_is_kept_for_a_cancelled_visit(cast, monkeypatch):
    """The negative control of the test above: the lock is what sends the money back."""
    user, _patient, _doctor = cast
    made = consulting.ordered(*cast)
    unlocked(monkeypatch)
    hook = hooks.of("consultation")
    monkeypatch.setitem(
        hooks._hooks, "consultation", hooks.Hook(lambda _s: None, hook.settled, hook.refunded)
    )
    read, go_on = threading.Event(), threading.Event()
    paid = till._paid

    def slow(consultation, **how):
        read.set()
        go_on.wait(timeout=5)
        return paid(consultation, **how)

    monkeypatch.setattr(till, "_paid", slow)
    monkeypatch.setattr(ordering, "shut", lambda *_args, **_how: None)

    def cancel():
        read.wait(timeout=5)
        try:
            return services.cancel(made, by=user, at=SOON)
        finally:
            go_on.set()

    outcomes = at_once(lambda: paying.settle(made.charge, at=SOON), cancel)
    made.refresh_from_db()
    states = {type(outcome).__name__ for outcome in outcomes}
    assert made.state == "cancelled"
    assert Refund.objects.count() == 0
    assert states & {"InternalError", "ProgrammingError", "DatabaseError", "RaiseException"}


def test_the_last_place_is_given_to_one_of_two(cast, monkeypatch):
    user, patient, _doctor = cast
    doctor = make.doctor("zhouruolan", "周若兰", title="associate_chief", daily_quota=1)
    zhao = consulting.account("13800006621", "赵建民")
    who = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 20))
    other = consulting.known(zhao, who)
    wishes = (
        lambda: consulting.ordered(user, patient, doctor),
        lambda: consulting.ordered(zhao, other, doctor),
    )
    outcomes = at_once(*wishes)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Consultation", "RuleBroken"]
    assert sum(isinstance(outcome, RuleBroken) for outcome in outcomes) == 1


def test_two_orders_at_once_for_the_same_doctor_make_one(cast):
    order = lambda kind: lambda: consulting.ordered(*cast, kind=kind)  # noqa: E731
    outcomes = at_once(order("followup"), order("advice"))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Consultation", "WrongState"]
    assert Consultation.objects.count() == 1


def test_two_sweeps_at_once_refund_once(cast):
    made = consulting.in_state("waiting", *cast)
    sweep = lambda: services.sweep(at=made.accept_by)  # noqa: E731
    assert not any(isinstance(outcome, Exception) for outcome in at_once(sweep, sweep))
    assert Refund.objects.count() == 1
