"""Every state and step of a look through break-glass, and of a share."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from hospital.consultations import services as consultations
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import WrongState
from patients import services
from patients.lifecycle import GLASS, SHARE, GlassState, ShareState
from patients.models import Glass, Share
from tests import consulting, letting_in, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def glass(now):
    doctor = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    return letting_in.opened(consulting.wang(at=now)[1], doctor, at=now)


def judge(step, glass, at):
    do = {"justify": services.justify_glass, "object": services.object_to_glass}[step]
    return do(glass, by=make.medical_affairs(), at=at, why="核对了急诊记录")


def end(glass, at):
    return services.end_glass(glass, by=glass.by, at=at)


GLASS_WAYS = {
    GlassState.OPEN: (),
    GlassState.ENDED: ("end",),
    GlassState.JUSTIFIED: ("end", "justify"),
    GlassState.UNJUSTIFIED: ("end", "object"),
}


def brought(glass, ways, at):
    for step in ways:
        glass = end(glass, at) if step == "end" else judge(step, glass, at)
    return glass


@pytest.mark.parametrize("step", ["justify", "object"])
@pytest.mark.parametrize("state", GLASS_WAYS)
def test_every_state_and_judgement_of_a_look(glass, now, state, step):
    glass = brought(glass, GLASS_WAYS[state], now + timedelta(minutes=1))
    assert glass.state == state
    if (state, step) in GLASS.steps:
        assert judge(step, glass, now).state == GLASS.steps[state, step]
    else:
        with pytest.raises(WrongState):
            judge(step, glass, now + timedelta(minutes=2))


@pytest.mark.parametrize("state", GLASS_WAYS)
def test_ending_again_changes_nothing(glass, now, state):
    glass = brought(glass, GLASS_WAYS[state], now + timedelta(minutes=1))
    expected = GlassState.ENDED if state == GlassState.OPEN else state
    assert end(glass, now + timedelta(minutes=2)).state == expected


def test_one_whose_time_is_up_can_be_judged_before_it_is_swept(glass):
    assert judge("justify", glass, glass.until).state == GlassState.JUSTIFIED


@pytest.fixture
def share(now):
    """A 会诊 that waits for an answer."""
    ordered = consulting.ordered(*consulting.wang(at=now), make.doctor(at=now), at=now)
    visit = consulting.opened(consulting.paid(ordered, at=now), at=now)
    colleague = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    return visit, letting_in.asked(visit, colleague, at=now)


SHARE_WAYS = {
    ShareState.ASKED: (),
    ShareState.STANDING: ("agree",),
    ShareState.ENDED: ("agree", "end"),
    ShareState.DECLINED: ("decline",),
    ShareState.LAPSED: ("lapse",),
}


def take(step, share, visit, at):
    by = visit.asked_by
    match step:
        case "agree":
            services.agree_to_share(share, by=by, at=at)
        case "decline":
            services.decline_share(share, by=by, at=at)
        case "end":
            services.end_share(share, by=by, at=at)
        case "lapse":
            consultations.close(visit, by=visit.doctor.user, at=at)
    share.refresh_from_db()
    return share


@pytest.mark.parametrize("step", ["agree", "decline"])
@pytest.mark.parametrize("state", SHARE_WAYS)
def test_every_state_and_answer_of_a_share(share, now, state, step):
    visit, share = share
    for each in SHARE_WAYS[state]:
        share = take(each, share, visit, now)
    assert share.state == state
    if (state, step) in SHARE.steps:
        assert take(step, share, visit, now).state == SHARE.steps[state, step]
    else:
        with pytest.raises(WrongState):
            take(step, share, visit, now)


@pytest.mark.parametrize("state", SHARE_WAYS)
def test_taking_back_fits_only_what_stands_or_waits(share, now, state):
    visit, share = share
    for each in SHARE_WAYS[state]:
        share = take(each, share, visit, now)
    if state in (ShareState.ASKED, ShareState.STANDING, ShareState.ENDED):
        assert take("end", share, visit, now).state in (ShareState.LAPSED, ShareState.ENDED)
    else:
        with pytest.raises(WrongState):
            take("end", share, visit, now)


@pytest.mark.parametrize("state", [s for s in GlassState if s != GlassState.OPEN])
def test_the_database_follows_the_table_of_looks(glass, now, state):
    changes = {"state": state, "ended_at": now}
    if state != GlassState.ENDED:
        changes |= {"reviewed_at": now, "reviewer": make.medical_affairs()}
        with pytest.raises(DatabaseError), transaction.atomic():
            Glass.objects.filter(pk=glass.pk).update(**changes)
    else:
        Glass.objects.filter(pk=glass.pk).update(**changes)


@pytest.mark.parametrize("state", [s for s in ShareState if s != ShareState.ASKED])
def test_the_database_follows_the_table_of_shares(share, now, state):
    visit, share = share
    agreed = {"agreed_at": now, "agreed_by": visit.asked_by}
    changes = {"state": state, "ended_at": now}
    changes |= agreed if state in (ShareState.STANDING, ShareState.ENDED) else {}
    changes |= {"ended_at": None} if state == ShareState.STANDING else {}
    if state == ShareState.ENDED:
        with pytest.raises(DatabaseError), transaction.atomic():
            Share.objects.filter(pk=share.pk).update(**changes)
    else:
        Share.objects.filter(pk=share.pk).update(**changes)


def test_the_tables_are_whole():
    assert GLASS.states == set(GlassState) == set(GLASS.faces)
    assert SHARE.states == set(ShareState) == set(SHARE.faces)
