"""The live conversation as a browser speaks it, over Channels and real commits."""

import asyncio
import json
import uuid
from contextlib import asynccontextmanager

import pytest
from channels.db import database_sync_to_async as in_database
from channels.layers import get_channel_layer
from django.conf import settings

from hospital.accounts.models import Sitting
from hospital.consultations import services
from hospital.consultations.models import Message
from hospital.kernel import sockets
from hospital.kernel.sockets import MAX_FRAME
from patients.models import Link
from tests import consulting, make
from tests.conftest import NOON
from tests.sockets import Speaker

pytestmark = pytest.mark.django_db(transaction=True)
FIVE_SECONDS = 5


@pytest.fixture
def cast():
    user, patient = consulting.wang()
    doctor = make.doctor()
    opened = consulting.in_state("open", user, patient, doctor)
    return opened, user, doctor.user


@asynccontextmanager
async def socket(opened, user):
    """A socket of `user`, accepted."""
    speaker = await of(opened, user)
    assert await speaker.dial()
    try:
        yield speaker
    finally:
        await speaker.hang_up()


async def of(opened, user):
    cookie = ""
    if user is not None:
        browser = await in_database(make.sitting_of)(user)
        name = settings.SESSION_COOKIE_NAME
        cookie = f"{name}={browser.cookies[name].value}"
    return Speaker(f"/ws/consultations/{getattr(opened, 'public_id', opened)}/", cookie=cookie)


async def test_it_greets_with_the_place_the_state_and_the_side(cast):
    opened, user, doctor = cast
    async with socket(opened, user) as patient, socket(opened, doctor) as other:
        assert await patient.hear("hello") == {
            "type": "hello",
            "seq": 1,
            "state": "open",
            "me": "patient",
        }
        assert (await other.hear("hello"))["me"] == "doctor"


async def test_what_one_says_is_acknowledged_and_reaches_both(cast):
    opened, user, doctor = cast
    mark = uuid.uuid4()
    async with socket(opened, user) as patient, socket(opened, doctor) as other:
        await patient.hear("hello")
        await other.hear("hello")
        await patient.tell(type="send", client_id=mark, text="<b>药快吃完了</b>")
        ack = await patient.hear("ack")
        assert (ack["client_id"], ack["seq"]) == (str(mark), 2)
        mine, theirs = await patient.hear("message"), await other.hear("message")
        assert mine["text"] == theirs["text"] == "<b>药快吃完了</b>"
        assert "&lt;b&gt;" in theirs["html"]
        assert "msg--me" in mine["html"]
        assert "msg--me" not in theirs["html"]


async def test_the_same_client_id_twice_is_one_message_and_two_acknowledgements(cast):
    opened, user, _doctor = cast
    mark = uuid.uuid4()
    async with socket(opened, user) as patient:
        await patient.tell(type="send", client_id=mark, text="一次")
        first = await patient.hear("ack")
        await patient.tell(type="send", client_id=mark, text="一次")
        assert await patient.hear("ack") == first
    assert await in_database(Message.objects.filter(client_id=mark).count)() == 1


async def test_who_comes_back_gets_everything_behind_their_last_message_in_order(cast):
    opened, user, doctor = cast
    for number in range(5):
        await in_database(consulting.said)(opened, doctor, f"{number}")
    async with socket(opened, user) as patient:
        assert (await patient.hear("hello"))["seq"] == 6
        await patient.tell(type="sync", after_seq=2)
        got = [(await patient.hear("message"))["seq"] for _ in range(4)]
        assert got == [3, 4, 5, 6]
        assert await patient.hear("state") == {"type": "state", "state": "open", "seq": 6}


async def test_reading_and_typing_are_told_to_the_other_side(cast):
    opened, user, doctor = cast
    async with socket(opened, user) as patient, socket(opened, doctor) as other:
        await patient.hear("hello")
        await other.hear("hello")
        await patient.tell(type="read", upto=1)
        assert await other.hear("read") == {"type": "read", "by": "patient", "upto": 1}
        await other.tell(type="typing")
        assert await patient.hear("typing") == {"type": "typing"}


async def test_the_end_is_told_at_once_and_nothing_is_said_after_it(cast):
    opened, user, doctor = cast
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await in_database(services.close)(opened, by=doctor, at=NOON)
        assert (await patient.hear("state"))["state"] == "closed"
        mark = uuid.uuid4()
        await patient.tell(type="send", client_id=mark, text="还有一句")
        refused = await patient.hear("refused")
        assert (refused["re"], refused["code"]) == (str(mark), "not-open")


@pytest.mark.parametrize(
    "frame",
    [
        "x" * (MAX_FRAME + 1),
        "{",
        "[]",
        '{"type": "nothing"}',
        '{"type": "send"}',
        '{"type": "send", "client_id": "not a uuid", "text": "x"}',
        f'{{"type": "send", "client_id": "{uuid.UUID(int=7)}", "text": 5}}',
        f'{{"type": "send", "client_id": "{uuid.UUID(int=7)}", "text": "x", "side": "doctor"}}',
        '{"type": "sync", "after_seq": -1}',
        '{"type": "sync", "after_seq": "１"}',
        '{"type": "read", "upto": true}',
        '{"type": "typing", "type": "send"}',
    ],
)
async def test_a_malformed_frame_closes_the_socket_and_changes_nothing(cast, frame):
    opened, user, _doctor = cast
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await patient.tell_raw(frame)
        assert await patient.closed() == 4400
    assert await in_database(Message.objects.count)() == 1


async def test_a_frame_of_exactly_the_limit_is_read(cast):
    opened, user, _doctor = cast
    frame = json.dumps({"type": "send", "client_id": str(uuid.uuid4()), "text": ""})
    frame = frame[:-2] + "x" * (MAX_FRAME - len(frame)) + '"}'
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await patient.tell_raw(frame)
        assert (await patient.hear("refused"))["code"] == "text-too-long"


async def test_a_stranger_cannot_tell_it_exists(cast):
    opened, _user, _doctor = cast
    stranger = await in_database(consulting.stranger)()
    for target in (opened, uuid.uuid4()):
        speaker = await of(target, stranger)
        await speaker.dial()
        assert await speaker.closed() == 4404


async def test_nobody_signed_in_is_turned_away(cast):
    speaker = await of(cast[0], None)
    await speaker.dial()
    assert await speaker.closed() == 4401


async def test_who_signs_out_is_closed_within_five_seconds(cast):
    opened, user, _doctor = cast
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await in_database(Sitting.objects.filter(user=user).delete)()
        assert await patient.closed(timeout=FIVE_SECONDS) == 4401


async def test_who_loses_their_link_to_the_patient_hears_nothing_more(cast):
    opened, user, doctor = cast
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await in_database(Link.objects.filter(account=user).update)(ended_at=NOON)
        await in_database(consulting.said)(opened, doctor, "只给家人看的话")
        assert await patient.closed() == 4404


async def test_too_many_commands_at_once_close_the_socket(cast, monkeypatch):
    monkeypatch.setattr(sockets, "RATE", 0.0)  # however slow the machine, they count as at once
    opened, user, _doctor = cast
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        for _ in range(12):
            await patient.tell(type="read", upto=1)
        assert await patient.closed() == 4429


async def test_talking_keeps_one_signed_in_and_syncing_does_not(cast):
    opened, user, _doctor = cast
    before = NOON
    async with socket(opened, user) as patient:
        await patient.hear("hello")
        await in_database(Sitting.objects.filter(user=user).update)(seen_at=before)
        await patient.tell(type="sync", after_seq=0)
        await patient.hear("state")
        assert (await in_database(Sitting.objects.get)(user=user)).seen_at == before
        await patient.tell(type="send", client_id=str(uuid.uuid4()), text="在的")
        await patient.hear("ack")
        assert (await in_database(Sitting.objects.get)(user=user)).seen_at > before


async def test_what_crosses_redis_names_ids_and_no_words(cast, monkeypatch):
    opened, _user, doctor = cast
    layer = get_channel_layer()
    crossed = []
    send = type(layer).group_send

    async def overheard(self, group, message):
        crossed.append(message)
        return await send(self, group, message)

    monkeypatch.setattr(type(layer), "group_send", overheard)
    await in_database(consulting.said)(opened, doctor, "不能外传的话")
    await asyncio.sleep(0)
    assert crossed == [{"type": "said", "seq": 2}]
