"""Several workers at the same queue, and a feed told twice at once: one effect, in order."""

import uuid
from functools import partial

import pytest
from django.db import IntegrityError, connections, transaction

from hospital.kernel.clock import database_now
from hospital.regulator import gateways, selectors, services
from hospital.regulator.lifecycle import State
from hospital.regulator.models import Stream, Upload
from hospital.regulator.news import News
from hospital.regulator.services.queueing import queue
from tests import prescribing
from tests.conftest import NOON
from tests.regulator import authority, running_world  # noqa: F401 - fixtures
from tests.together import at_once
from tests.uploads import an_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.committed]


def work():
    sent = 0
    while services.upload_next(at=database_now()):
        sent += 1
    return sent


def visits(at):
    streams = [an_upload(at=at).stream for _ in range(4)]
    for stream in streams * 4:
        an_upload(stream=stream, at=at)
    return streams


def test_four_workers_send_every_message_once_and_in_order(authority):
    streams = visits(database_now())
    assert sum(at_once(*[work] * 4)) <= 20
    work()
    assert Upload.objects.exclude(state=State.ACKNOWLEDGED).count() == 0
    assert len(authority.requests()) == 20
    for stream in streams:
        seqs = [kept["envelope"]["seq"] for kept in authority.received(stream)]
        assert seqs == [1, 2, 3, 4, 5]


def test_one_visit_out_of_order_is_never_seen_even_by_racing_workers(authority):
    """The second message is asked for while the first is on its way: it has to wait."""
    now = database_now()
    first = an_upload(at=now)
    an_upload(stream=first.stream, at=now)
    send, seen = gateways.send, []

    def slow(envelope, *, at):
        seen.append((envelope["seq"], services.upload_next(at=now)))
        return send(envelope, at=at)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gateways, "send", slow)
        work()
    assert seen == [(1, False), (2, False)]


def test_an_event_told_twice_at_once_is_queued_once():
    cast = prescribing.cast()
    signed = prescribing.signed(cast)
    subject = f"prescriptions.prescription:{signed.public_id}"
    news = [News(n, "prescription.sign", NOON, subject) for n in (900_001, 900_002)]

    def tell(each):
        with transaction.atomic():
            queue(selectors.locked_stream(cast.visit.public_id), each, at=NOON)

    outcomes = at_once(*[partial(tell, each) for each in news * 3])
    assert not [each for each in outcomes if each is not None]
    assert [u.seq for u in Upload.objects.order_by("seq")] == [1, 2]


def test_the_call_goes_out_with_no_transaction_open(authority):
    an_upload(at=database_now())
    seen, send = [], gateways.send

    def looking(envelope, *, at):
        seen.append([c.in_atomic_block for c in connections.all(initialized_only=True)])
        return send(envelope, at=at)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gateways, "send", looking)
        work()
    assert seen
    assert not any(map(any, seen))


def test_a_stream_row_begun_twice_is_one(authority):
    visit = uuid.uuid4()

    def begin():
        with transaction.atomic():
            return selectors.locked_stream(visit).pk

    assert at_once(*[begin] * 4) == [visit] * 4
    with pytest.raises(IntegrityError), transaction.atomic():
        Stream.objects.create(visit=visit)
