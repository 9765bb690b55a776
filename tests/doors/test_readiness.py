"""Staff who are not ready, at every door of the platform; and the list of all ways in."""

import re

import pytest
from channels.db import database_sync_to_async as in_database
from django.conf import settings
from django.test import Client

from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import every_door
from hospital.accounts.models import Sitting, User
from hospital.accounts.roles import ANYONE, STAFF
from hospital.kernel.clock import database_now
from tests import consulting, make
from tests.databases import ROOT
from tests.doors.matrix import nowhere
from tests.sockets import Speaker

ROUTES = [door for door in every_door() if door.kind == "route"]
MAKES_READY = {
    "account.sign-in",
    "account.sign-out",
    "account.whoami",
    "account.verify",
    "account.enrol",
    "account.password",
    "web.size",
    "web.language",
    "web.robots",
}
WAYS_IN = ("account.sign-in", "account.verify")
db = pytest.mark.django_db


def unready(role):
    """Somebody with this role who is signed in and has no second factor."""
    user = make.staff(f"unready-{role}", role)
    client = make.sitting_of(user)
    User.objects.filter(pk=user.pk).update(factor_set_at=None)
    return client


def test_what_is_open_to_the_unready_is_what_makes_ready():
    assert {entry.name for entry in ENTRIES.values() if entry.first} == MAKES_READY


@db
@pytest.mark.parametrize("door", ROUTES, ids=lambda door: door.name)
def test_the_unready_are_led_to_enrol(door):
    """With the role that would pass, on every route: pages, JSON, back office."""
    roles = sorted(STAFF & ENTRIES[door.entry].roles) or (
        sorted(STAFF)[:1] if ANYONE in ENTRIES[door.entry].roles else []
    )
    if not roles:
        pytest.skip("not for staff")
    ask = getattr(unready(roles[0]), door.method.lower())
    answer = ask(nowhere(door), headers={"Accept": "text/html"})
    if ENTRIES[door.entry].first:
        assert answer.headers.get("Location", "").startswith("/me/enrol/") is False
    elif door.where.startswith("/api/"):
        assert (answer.status_code, answer.json()["code"]) == (403, "enrol-first")
    else:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/me/enrol/?next=")


@db
def test_the_back_office_has_no_sign_in_of_its_own():
    assert not [door for door in ROUTES if re.search(r"^/admin/(log|pass)", door.where)]
    assert Client().get("/admin/")["Location"].startswith("/sign-in/")


@db
def test_the_list_of_ways_in_is_the_doors_themselves():
    """docs/identity.md names every door of signing in and of proving oneself, and none besides."""
    written = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in written.splitlines() if line.startswith("| `")]
    named = {f"{m} {where}" for row in rows for m, where in re.findall(r"`(\w+) (/[^`]*)`", row)}
    doors = {f"{d.method} {d.where}" for d in ROUTES if d.entry in WAYS_IN}
    assert named == doors


# --- sockets ------------------------------------------------------------------------------------
@pytest.fixture
def opened(transactional_db):
    user, patient = consulting.wang()
    doctor = make.doctor()
    return consulting.in_state("open", user, patient, doctor), doctor.user


async def socket_of(visit, client):
    name = settings.SESSION_COOKIE_NAME
    return Speaker(
        f"/ws/consultations/{visit.public_id}/", cookie=f"{name}={client.cookies[name].value}"
    )


@pytest.mark.parametrize("column", ["factor_set_at", "password_set_at"])
async def test_a_socket_of_the_unready_is_closed(opened, column):
    visit, doctor = opened
    client = await in_database(make.sitting_of)(doctor)
    await in_database(User.objects.filter(pk=doctor.pk).update)(**{column: None})
    speaker = await socket_of(visit, client)
    await speaker.dial()
    assert await speaker.closed() == 4403


async def test_an_open_socket_of_who_is_ready_no_more_is_closed_at_the_next_command(opened):
    visit, doctor = opened
    client = await in_database(make.sitting_of)(doctor)
    speaker = await socket_of(visit, client)
    assert await speaker.dial()
    await speaker.hear("hello")
    await speaker.tell(type="sync", after_seq=0)
    await speaker.hear("state")
    await in_database(User.objects.filter(pk=doctor.pk).update)(factor_set_at=None)
    await speaker.tell(type="sync", after_seq=0)
    assert await speaker.closed() == 4403


@pytest.mark.parametrize("column", ["idle_at", "expire_date"])
async def test_a_socket_ends_with_its_sitting(opened, column):
    """Idle too long, or whatever is done after its hours: within five seconds."""
    visit, doctor = opened
    client = await in_database(make.sitting_of)(doctor)
    speaker = await socket_of(visit, client)
    assert await speaker.dial()
    await speaker.hear("hello")
    now = await in_database(database_now)()
    await in_database(Sitting.objects.filter(user=doctor).update)(**{column: now})
    assert await speaker.closed(timeout=5) == 4401
