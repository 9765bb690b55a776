"""Messages on their way to the supervision platform: in order, once, whatever breaks."""

from datetime import timedelta

import pytest
from django.db.models import Max

from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused
from hospital.notifications.models import Notice
from hospital.regulator import gateways, selectors, services
from hospital.regulator.lifecycle import State
from hospital.regulator.models import Upload
from tests.make import staff
from tests.regulator import authority, running_world  # noqa: F401 - fixtures
from tests.uploads import an_upload

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def now():
    return database_now()


def sent(at):
    """Everything that may go at `at`, as the worker's task sends it."""
    count = 0
    while services.upload_next(at=at):
        count += 1
    return count


def a_visit(now, messages=3):
    first = an_upload(at=now)
    return [first, *(an_upload(stream=first.stream, at=now) for _ in range(messages - 1))]


def seqs(authority, stream):
    return [kept["envelope"]["seq"] for kept in authority.received(stream)]


def fresh(upload):
    return Upload.objects.get(pk=upload.pk)


def test_a_visit_arrives_in_order_each_message_with_its_receipt(authority, now, trail):
    visit = a_visit(now)
    assert sent(now) == 3
    received = authority.received(visit[0].stream)
    assert [kept["envelope"]["seq"] for kept in received] == [1, 2, 3]
    assert [fresh(each).receipt for each in visit] == [kept["receiptNo"] for kept in received]
    assert [kept["envelope"]["prevHash"] for kept in received] == [
        "0" * 64,
        visit[0].digest,
        visit[1].digest,
    ]
    assert [event.facts["seq"] for event in trail("regulator.acknowledge")] == [1, 2, 3]


@pytest.mark.parametrize("fault", [{"status": 503}, {"code": 5000}, {"code": 1002}])
def test_a_platform_in_trouble_is_asked_again_later_and_order_is_kept(authority, now, fault):
    visit = a_visit(now)
    authority.breaks(**fault)
    sent(now)
    assert authority.received(visit[0].stream) == []
    assert fresh(visit[0]).due_at == now + timedelta(seconds=10)
    assert sent(now + timedelta(seconds=9)) == 0
    assert sent(now + timedelta(seconds=11)) == 3
    assert seqs(authority, visit[0].stream) == [1, 2, 3]


@pytest.mark.parametrize("fault", [{"lose_answer": 1}, {"malformed": 1}])
def test_an_answer_lost_after_acceptance_changes_nothing_there(authority, now, fault):
    (upload,) = a_visit(now, 1)
    authority.breaks(**fault)
    sent(now)
    (kept,) = authority.received(upload.stream)
    assert fresh(upload).state == State.PENDING
    sent(now + timedelta(seconds=11))
    assert fresh(upload).receipt == kept["receiptNo"]
    assert len(authority.requests()) == 2
    assert len(authority.received(upload.stream)) == 1


@pytest.mark.parametrize("moment", ["before the call", "after the call"])
def test_who_dies_in_between_has_sent_it_once(authority, now, monkeypatch, moment):
    (upload,) = a_visit(now, 1)
    send = gateways.send

    def dying(*args, **kwargs):
        if moment == "after the call":
            send(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(gateways, "send", dying)
        with pytest.raises(Killed):
            services.upload_next(at=now)
    assert sent(now + timedelta(seconds=59)) == 0  # somebody may still be at it
    assert sent(now + timedelta(seconds=60)) == 1
    assert fresh(upload).state == State.ACKNOWLEDGED
    assert len(authority.received(upload.stream)) == 1


def test_two_who_sent_the_same_settle_it_once(authority, now, monkeypatch, trail):
    (upload,) = a_visit(now, 1)
    send, late = gateways.send, now + timedelta(seconds=61)

    def slow(envelope, *, at):
        if at == now:
            assert services.upload_next(at=late)  # another worker, when the claim has run out
        return send(envelope, at=at)

    monkeypatch.setattr(gateways, "send", slow)
    services.upload_next(at=now)
    assert fresh(upload).acknowledged_at == late
    assert len(trail("regulator.acknowledge")) == 1


def test_silence_makes_everybody_wait_a_little_and_nobody_longer(authority, now):
    one, other = an_upload(at=now), an_upload(at=now)
    authority.breaks(status=503)
    assert sent(now) == 1
    assert len(authority.requests()) == 1
    assert sent(now + timedelta(seconds=11)) == 2
    assert {fresh(one).state, fresh(other).state} == {State.ACKNOWLEDGED}


def test_the_waits_grow_to_an_hour_and_it_is_told(authority, now):
    staff("xinxi", "it")
    (upload,) = a_visit(now, 1)
    authority.breaks(code=5000, times=-1)
    waits, at = [], now
    for _ in range(12):
        services.upload_next(at=at)
        due = fresh(upload).due_at
        waits.append((due - at).total_seconds())
        at = due
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600]
    assert Notice.objects.filter(kind="regulator.trouble").count() == 1


@pytest.mark.parametrize("code", [2001, 2002, 2003, 3002, 3003])
def test_an_error_of_the_data_holds_back_its_own_visit_until_it_mends_it(
    authority, now, trail, code
):
    staff("xinxi", "it")
    visit, other = a_visit(now), an_upload(at=now + timedelta(seconds=1))
    authority.breaks(code=code)
    sent(now + timedelta(seconds=1))
    assert fresh(visit[0]).state == State.QUARANTINED
    assert (fresh(visit[0]).code, fresh(visit[1]).state) == (code, State.PENDING)
    assert fresh(other).state == State.ACKNOWLEDGED
    assert trail("regulator.quarantine")[-1].facts["code"] == code
    assert "上报" in Notice.objects.get(kind="regulator.trouble").title


def test_what_comes_too_early_is_tried_five_times(authority, now):
    first = an_upload(schema="EVAL", payload=EARLY, at=now)
    at = now
    for _ in range(5):
        assert fresh(first).state == State.PENDING
        services.upload_next(at=at)
        at = fresh(first).due_at
    assert (fresh(first).state, fresh(first).code) == (State.QUARANTINED, 3001)


def test_only_it_may_mend_and_must_say_what_they_did(authority, now):
    (upload,) = a_visit(now, 1)
    authority.breaks(code=2002)
    sent(now)
    with pytest.raises(NotAllowed):
        services.mend(upload, by=staff("yiwuchu", "medical_affairs"), at=now, why="x")
    with pytest.raises(Refused):
        services.mend(upload, by=staff("xinxi", "it"), at=now, why=" ")
    assert fresh(upload).state == State.QUARANTINED


def test_who_watches_sees_them_and_nobody_else(now):
    an_upload(at=now)
    assert selectors.visible_to(staff("xinxi", "it")).count() == 1
    assert selectors.visible_to(staff("caiwu", "finance")).count() == 0


def test_a_locked_visit_is_stepped_over(now):
    one, other = a_visit(now), an_upload(at=now + timedelta(seconds=1))
    claimed = selectors.next_due(now + timedelta(seconds=1))
    assert claimed.pk == one[0].pk
    one[0].due_at = now + timedelta(minutes=1)
    one[0].save()
    assert selectors.next_due(now + timedelta(seconds=1)).pk == other.pk
    assert Upload.objects.aggregate(m=Max("seq"))["m"] == 3


EARLY = {"eval_no": "E1", "visit_no": "nobody-knows", "satisfaction": 5, "score": 9}
