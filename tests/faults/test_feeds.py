"""Feeds tell every event at least once, whatever dies in between."""

import time
from datetime import timedelta

import pytest
from celery import Celery
from django.db import DatabaseError, connection, transaction

from audit import drain, feeds
from audit import services as audit
from audit.models import Event, Pending
from hospital.accounts.models import User
from hospital.kernel import jobs
from hospital.kernel.breaker import Breaker
from hospital.kernel.clock import database_now
from hospital.notifications.models import Notice
from tests import stack
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])

told: list[int] = []


def listen(event, at):
    told.append(event.pk)


def stumble(event, at):
    if event.facts.get("bad"):
        raise ValueError("a bug")
    told.append(event.pk)


def collapse(event, at):
    """Its effect is committed, then the process dies before the feed has noted it."""
    told.append(event.pk)
    if len(told) == 1:
        raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def nothing_told_yet():
    told.clear()
    yield
    feeds._feeds.pop("test", None)


@pytest.fixture
def wang():
    return User.objects.create(phone="13800006620", roles=["patient"], password="!")


def happen(user, **facts):
    with transaction.atomic():
        return audit.record("test.happen", by=user, on=user, at=NOON, **facts)


def follow(handler):
    feeds.follow("test", kinds={"test.happen"}, handler=f"tests.faults.test_feeds.{handler}")


def left():
    return Pending.objects.using("trail").filter(feed="test").count()


def test_every_event_is_told_once_and_in_order(wang):
    follow("listen")
    events = [happen(wang).pk for _ in range(3)]
    assert drain.drain("test", at=NOON) == 3
    assert told == events
    assert left() == 0


def test_an_event_whose_transaction_was_undone_is_not_told(wang):
    follow("listen")
    with transaction.atomic():
        audit.record("test.happen", by=wang, on=wang, at=NOON)
        transaction.set_rollback(True)
    assert drain.drain("test", at=NOON) == 0
    assert told == []


def test_a_failing_event_waits_and_holds_up_no_other(wang):
    follow("stumble")
    happen(wang, bad=True)
    good = happen(wang).pk
    drain.drain("test", at=NOON)
    assert told == [good]
    waiting = Pending.objects.using("trail").get(feed="test")
    assert (waiting.tries, waiting.error) == (1, "ValueError")
    assert waiting.due_at > NOON


def test_what_a_dying_process_had_not_noted_is_told_again(wang):
    follow("collapse")
    first = happen(wang).pk
    with pytest.raises(KeyboardInterrupt):
        drain.drain("test", at=NOON)
    assert drain.drain("test", at=NOON) == 1
    assert told == [first, first]


def test_a_change_is_kept_when_the_broker_is_away(wang, monkeypatch, caplog):
    follow("listen")
    monkeypatch.setattr(jobs, "app", Celery("away", broker="redis://127.0.0.1:1/0"))
    monkeypatch.setattr(jobs, "broker", Breaker())
    for _ in range(2):
        happen(wang)
    assert caplog.text.count("not sent") == 1  # the second does not pay for it again
    assert drain.drain("test", at=NOON + timedelta(seconds=5)) == 2


def test_runtime_can_neither_change_nor_remove_nor_read_the_trail(wang):
    event = happen(wang)
    for forbidden in (
        f"UPDATE audit_event SET kind = 'x' WHERE id = {event.pk}",
        f"DELETE FROM audit_event WHERE id = {event.pk}",
        "SELECT kind FROM audit_event",
        "TRUNCATE audit_event",
        "DELETE FROM audit_pending",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(forbidden)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM audit_event")  # the control: this much it may


def test_even_the_owner_cannot_change_an_event(wang):
    event = happen(wang)
    with pytest.raises(DatabaseError), transaction.atomic(using="owner"):
        Event.objects.using("owner").filter(pk=event.pk).update(kind="x")


@pytest.mark.slow
def test_a_real_worker_tells_what_a_killed_one_left_behind(wang, tmp_path):
    database = connection.settings_dict["NAME"]
    with stack.worker(database, tmp_path / "first.log") as first:
        stack.kill(first)
    with transaction.atomic():
        audit.record("account.new-device", by=wang, on=wang, at=database_now(), device=1)
    with stack.worker(database, tmp_path / "second.log", beat=True):
        end = time.monotonic() + 40
        while not Notice.objects.exists() and time.monotonic() < end:
            time.sleep(0.2)
    assert Notice.objects.get().to_id == wang.pk, (tmp_path / "second.log").read_text()[-3000:]
