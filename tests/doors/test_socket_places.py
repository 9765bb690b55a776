"""Open sockets: how many one person may have, and what one look at all of them costs."""

import uuid
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async as in_database
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospital.accounts import seats
from hospital.accounts.models import Seat, User
from hospital.accounts.sessions import digest_of
from hospital.consultations import selectors
from hospital.consultations.consumers import Conversation
from hospital.consultations.models import Consultation
from hospital.kernel.clock import database_now
from hospital.kernel.watch import turned_out
from hospital.notifications.consumers import InboxBadge
from patients.models import Link
from tests import consulting, make
from tests.conftest import NOON
from tests.races import at_once
from tests.sockets import Speaker

COOKIE = settings.SESSION_COOKIE_NAME


async def inbox_of(user):
    browser = await in_database(make.sitting_of)(user)
    speaker = Speaker("/ws/inbox/", cookie=f"{COOKIE}={browser.cookies[COOKIE].value}")
    assert await speaker.dial()
    return speaker


@pytest.mark.django_db(transaction=True)
async def test_a_person_has_five_sockets_and_the_next_finds_no_place():
    user, other = await in_database(lambda: (consulting.stranger(), consulting.stranger()))()
    open_now = [await inbox_of(user) for _ in range(5)]
    for each in open_now:
        assert (await each.hear("badge"))["unread"] == 0
    sixth = await inbox_of(user)
    assert await sixth.closed() == 4429
    somebody = await inbox_of(other)  # the control: another person is not crowded out
    await somebody.hear("badge")
    await open_now.pop().hang_up()
    again = await inbox_of(user)
    assert (await again.hear("badge"))["unread"] == 0
    for each in (*open_now, somebody, again):
        await each.hang_up()
    assert not await in_database(Seat.objects.exists)()


@pytest.mark.django_db(transaction=True)
def test_seats_taken_at_once_are_five_and_cold_ones_are_free_again():
    user = consulting.stranger()
    taken = at_once(*[lambda: seats.take(user)] * 8)
    assert sum(seat is not None for seat in taken) == 5
    Seat.objects.update(seen_at=database_now() - timedelta(seconds=31))
    kept = Seat.objects.first()
    seats.keep([kept.public_id])
    assert [seats.take(user) is not None for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_more_than_five_get_in(monkeypatch):
    """The negative control."""
    rows = User.objects
    monkeypatch.setattr(
        type(rows), "select_for_update", lambda self, **how: self.all(), raising=False
    )
    user, worst = consulting.stranger(), 0
    for _ in range(10):
        Seat.objects.all().delete()
        worst = max(worst, sum(s is not None for s in at_once(*[lambda: seats.take(user)] * 8)))
        if worst > 5:
            break
    assert worst > 5


class Line:
    """As much of an open socket as the watch looks at."""

    access = "consultation.read"

    def __init__(self, user, visit=None):
        browser = make.sitting_of(user)
        key = browser.cookies[COOKIE].value
        self.session_key, self.scope = digest_of(key), {"user": user}
        self.public_id = visit and visit.public_id


class Talk(Line):
    still = Conversation.still


class Badge(Line):
    access = "inbox.badge"
    still = InboxBadge.still


@pytest.mark.django_db
def test_one_look_at_all_sockets_costs_the_same_few_queries():
    mother, patient = consulting.wang()
    doctor = make.doctor()
    visit = consulting.in_state("open", mother, patient, doctor)
    few = [Talk(mother, visit), Talk(doctor.user, visit)]
    many = [kind(who, visit) for who in (mother, doctor.user) for kind in (Talk, Badge)] * 10
    counts = []
    for sockets in (few, many):
        with CaptureQueriesContext(connection) as asked:
            assert turned_out(sockets) == []
        counts.append(len(asked))
    assert counts == [3, 3]


@pytest.mark.django_db
def test_a_look_turns_out_with_the_code_that_says_why():
    mother, patient = consulting.wang()
    doctor = make.doctor()
    visit = consulting.in_state("open", mother, patient, doctor)
    stranger = consulting.stranger()
    talk, no_place = Talk(mother, visit), Talk(stranger, visit)
    ended, no_role = Badge(stranger), Badge(make.staff("lin", "finance"))
    ended.session_key = "0" * 64
    no_role.access = "prescription.write"
    assert dict(turned_out([talk, no_place, ended, no_role])) == {
        no_place: 4404,
        ended: 4401,
        no_role: 4403,
    }


@pytest.mark.django_db
def test_places_held_are_those_that_one_would_see():
    """Two ways to ask the same question may not come to differ."""
    mother, patient = consulting.wang()
    doctor, other = make.doctor(), make.doctor("zhouruolan", "周若兰")
    consulting.in_state("open", mother, patient, doctor)
    consulting.ordered(mother, patient, other)  # unpaid: not the doctor's to see
    everybody = [mother, doctor.user, other.user, consulting.stranger(), make.staff("x", "finance")]
    ids = {*Consultation.objects.values_list("public_id", flat=True), uuid.uuid4()}

    def by_one():
        return {
            (user.pk, public_id)
            for user in everybody
            for public_id in selectors.visible_to(user).values_list("public_id", flat=True)
        }

    assert len(by_one()) == 3
    assert selectors.places_held(everybody, ids) == by_one()
    Link.objects.update(ended_at=NOON)
    assert selectors.places_held(everybody, ids) == by_one()
    mother.is_active = doctor.user.is_active = False
    assert selectors.places_held(everybody, ids) == by_one() == set()
