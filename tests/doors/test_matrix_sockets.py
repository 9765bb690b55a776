"""The matrix of the sockets: who may connect, who may give which command, from another connection.

Nothing here is rolled back (a socket looks with connections of its own), so whoever loses something
loses it for the rest of the file.
"""

import asyncio
import uuid

import pytest
from channels.db import database_sync_to_async as in_database
from django.conf import settings
from django.db import transaction

from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import every_door
from hospital.accounts.models import User
from hospital.accounts.roles import SIGNED_IN
from hospital.consultations.models import Message
from hospital.kernel.clock import database_now
from patients.models import Link
from tests.doors.matrix import leave_the_roles, usual
from tests.doors.world import World, world  # noqa: F401 - a fixture
from tests.sockets import Speaker

INBOX, TALK = "/ws/inbox/", "/ws/consultations/<uuid:public_id>/"
SIGN_IN, NOT_ALLOWED, GONE = 4401, 4403, 4404
SOCKETS = {  # who gets in, and who holds a role and finds nothing
    INBOX: (("wang", "open.doctor.user", "luo.user", "some_it"), ()),
    TALK: (
        ("wang", "lina", "open.doctor.user"),
        ("zhao", "some_patient", "zhou.user", "some_doctor"),
    ),
}
COMMANDS = {  # what is said, and the kind of frame that answers
    (INBOX, "count"): ({}, "badge"),
    (TALK, "send"): ({"text": "您好"}, "ack"),
    (TALK, "sync"): ({"after_seq": 0}, "state"),
    (TALK, "read"): ({"upto": 1}, None),
    (TALK, "typing"): ({}, None),
}
DOORS = [door for door in every_door() if door.kind == "socket"]
placed = pytest.mark.parametrize("where", SOCKETS)


def dialled(world, who, where, visit=None):
    at = str(visit or world.open.public_id)
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={world.keys[who.pk]}" if who else ""
    return Speaker(where.replace("<uuid:public_id>", at), cookie=cookie)


async def turned_away(world, who, where, visit=None):
    """The code with which `who` is shown out."""
    speaker = dialled(world, who, where, visit)
    if not await speaker.dial():
        return None
    code = await speaker.closed()
    speaker.stop(exceptions=False)
    return code


async def greeted(world, who, where):
    speaker = dialled(world, who, where)
    assert await speaker.dial()
    await speaker.hear("badge" if where == INBOX else "hello")
    return speaker


async def say(speaker, command, body):
    more = {"client_id": str(uuid.uuid4())} if command == "send" else {}
    await speaker.tell(type=command, **body, **more)


async def outcome(speaker):
    """A refusal's code, or the code of a closing; hints from others are passed over."""
    while True:
        event = await speaker.receive_output(15)
        if event["type"] == "websocket.close":
            return event["code"]
        if '"type":"refused"' in event["text"]:
            return event["text"]


def spoken_at(where):
    return [(command, *how) for (place, command), how in COMMANDS.items() if place == where]


def test_every_socket_and_every_command_is_tried():
    assert {door.where for door in DOORS} == set(SOCKETS)
    told = {(door.where, door.method) for door in DOORS if door.method != "connect"}
    assert told == set(COMMANDS), "add the command to COMMANDS"


@placed
async def test_a_stranger_is_shown_out(world, where):
    assert await turned_away(world, None, where) == SIGN_IN


@placed
async def test_every_wrong_role_is_shown_out(world, where):
    entry = next(d.entry for d in DOORS if d.where == where and d.method == "connect")
    for role in sorted(SIGNED_IN - ENTRIES[entry].roles):
        who = await in_database(usual)(world, role)
        assert await turned_away(world, who, where) == NOT_ALLOWED, role


@placed
async def test_whoever_has_no_place_in_it_finds_nothing_as_if_it_were_missing(world, where):
    _right, wrong = SOCKETS[where]
    for way in wrong:
        who = await in_database(world.of)(way)
        assert await turned_away(world, who, where) == GONE, way
        assert await turned_away(world, who, where, uuid.uuid4()) == GONE, way


@placed
async def test_whoever_may_gets_in_and_is_obeyed(world, where):
    for way in SOCKETS[where][0]:
        who = await in_database(world.of)(way)
        speaker = await greeted(world, who, where)
        for command, body, answer in spoken_at(where):
            await say(speaker, command, body)
            if answer:
                await speaker.hear(answer)
        probe, body, answer = spoken_at(where)[-3 if where == TALK else 0]
        await say(speaker, probe, body)
        await speaker.hear(answer)  # the silent ones closed nothing
        await speaker.hang_up()


# --- whoever has just lost it, on a socket that is already open ----------------------------------
async def _losing(world, way, where, lose):
    """Every command on a socket of its own, after `lose`; what came of each."""
    who = await in_database(world.of)(way)
    open_ones = {command: await greeted(world, who, where) for command, *_ in spoken_at(where)}
    await in_database(lose)()
    before = await in_database(Message.objects.count)()
    found = {}
    for command, body, _answer in spoken_at(where):
        await say(open_ones[command], command, body)
        found[command] = await outcome(open_ones[command])
        open_ones[command].stop(exceptions=False)
    assert await in_database(Message.objects.count)() == before
    return found


async def test_a_relative_whose_link_ended_is_obeyed_no_more(world):
    def end():
        Link.objects.filter(pk=world.family.pk).update(ended_at=database_now())

    for what in (await _losing(world, "lina", TALK, end)).values():
        assert what == GONE or "not-found" in str(what), what
    assert await turned_away(world, world.lina, TALK) == GONE


async def test_a_doctor_who_lost_the_role_is_obeyed_no_more(world):
    doctor = await in_database(world.of)("open.doctor.user")

    def leave():
        with transaction.atomic():
            leave_the_roles(world, doctor, {"doctor"})

    for what in (await _losing(world, "open.doctor.user", TALK, leave)).values():
        assert what in (NOT_ALLOWED, GONE) or "not-allowed" in str(what), what
    assert await turned_away(world, doctor, TALK) == NOT_ALLOWED


@placed
async def test_whoever_was_disabled_is_obeyed_no_more(world, where):
    way = "wang" if where == TALK else "luo.user"
    who = await in_database(world.of)(way)

    def disable():
        User.objects.filter(pk=who.pk).update(is_active=False)

    for what in (await _losing(world, way, where, disable)).values():
        assert what in (SIGN_IN, NOT_ALLOWED), what
    assert await turned_away(world, who, where) in (SIGN_IN, NOT_ALLOWED)


@placed
async def test_whoever_is_shown_out_leaves_nothing_behind(world, where):
    speaker = dialled(world, None, where)
    assert await speaker.dial()
    await speaker.receive_output(15)
    await speaker.send_input({"type": "websocket.disconnect", "code": 1000})
    done, _pending = await asyncio.wait([speaker.future], timeout=5)
    assert done, "the socket's task goes on waiting"
