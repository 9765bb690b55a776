"""The live conversation: a second door to the same services.

Protocol: `hello`, `send` → `ack`, `message` to everybody, `sync`, `read`, `typing`, `state`. Close
codes are those of the kernel's sockets, and 4404 for a consultation that is not one's own or does
not exist. A hint over Redis carries ids alone; each socket reads from the database behind its own
last message, so a lost hint costs seconds and never a message.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import serializers

from hospital.consultations import frames, selectors, services
from hospital.consultations.models import Consultation
from hospital.consultations.permissions import side_of
from hospital.kernel import hints
from hospital.kernel.clock import database_now
from hospital.kernel.fields import ProseField, WholeField
from hospital.kernel.http import Strict
from hospital.kernel.refusals import Refused
from hospital.kernel.sockets import MAX_FRAME, Socket

GONE = 4404


class Malformed(Exception):
    """A frame of a known type in a shape that the protocol does not have."""


class _Send(Strict):
    type = serializers.CharField()
    client_id = serializers.UUIDField()
    text = ProseField(limit=MAX_FRAME, required=False, allow_blank=True)
    file = serializers.UUIDField(required=False)


class _Sync(Strict):
    type = serializers.CharField()
    after_seq = WholeField(low=0, high=2**31 - 1)


class _Read(Strict):
    type = serializers.CharField()
    upto = WholeField(low=0, high=2**31 - 1)


class _Typing(Strict):
    type = serializers.CharField()


_SHAPES: dict[str, type[Strict]] = {"send": _Send, "sync": _Sync, "read": _Read, "typing": _Typing}


class Conversation(Socket):
    access = "consultation.read"
    by_hand = frozenset({"send"})
    commands = {
        "send": "consultation.say",
        "sync": "consultation.read",
        "read": "consultation.read",
        "typing": "consultation.say",
    }

    def opened(self) -> None:
        self.public_id: UUID = self.scope["url_route"]["kwargs"]["public_id"]
        found = self._find()
        self.there = found is not None
        if found is not None:
            services.look(found, by=self.scope["user"], at=database_now())
        self.state = found.state if found else ""
        self.seen = found.last_seq if found else 0
        self.side = side_of(self.scope["user"], found) if found else ""

    @classmethod
    def still(cls, sockets: Sequence["Conversation"]) -> Collection["Conversation"]:
        places = {
            (socket.scope["user"].pk, socket.public_id): socket.scope["user"] for socket in sockets
        }
        held = selectors.places_held(list(places.values()), {place for _pk, place in places})
        return {s for s in sockets if (s.scope["user"].pk, s.public_id) in held}

    def groups_of(self) -> list[str]:
        return [services.group_of(self.public_id)] if self.there else []

    async def ready(self) -> None:
        if not self.there:
            return await self.close(GONE)
        hello = {"type": "hello", "seq": self.seen, "state": self.state, "me": self.side}
        return await self.reply(hello)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            await super().receive(text_data, bytes_data)
        except Malformed:
            await self.close(4400)

    async def reply(self, frame: dict[str, Any]) -> None:
        """Some answers are several frames, in order."""
        for each in frame.get("frames", [frame]):
            await super().reply(each)

    def handle(self, command: dict[str, Any]) -> dict[str, Any] | None:
        shape = _SHAPES[command["type"]](data=command)
        if not shape.is_valid():
            raise Malformed
        consultation = self._find()
        if consultation is None:
            raise Refused(_("没有找到这次问诊。"), code="not-found")
        given = dict(shape.validated_data)
        match given.pop("type"):
            case "send":
                return self._send(consultation, given)
            case "sync":
                return self._since(consultation, given["after_seq"])
            case "read":
                services.read(consultation, by=self.scope["user"], upto=given["upto"])
            case "typing":
                group = services.group_of(self.public_id)
                hints.after_commit(group, {"type": "typed", "side": self.side})
        return None

    def _send(self, consultation: Consultation, given: dict[str, Any]) -> dict[str, Any]:
        said = services.say(consultation, by=self.scope["user"], at=database_now(), **given)
        return {"type": "ack", "client_id": said.client_id, "seq": said.seq, "at": said.at}

    def _since(self, consultation: Consultation, after: int) -> dict[str, Any]:
        """Everything behind `after`, then how far the other side has read, then the state."""
        found = self._after(consultation, after)
        other = "patient" if self.side == "doctor" else "doctor"
        upto = selectors.read_upto(consultation, other)
        return {
            "frames": [
                *found,
                {"type": "read", "by": other, "upto": upto},
                {"type": "state", "state": consultation.state, "seq": consultation.last_seq},
            ]
        }

    # What the hints bring ---------------------------------------------------------------

    async def said(self, _event: dict[str, Any]) -> None:
        found = await self.in_database(self._news)
        if found is None:
            return await self.close(GONE)
        return await self.reply({"frames": found})

    async def moved(self, _event: dict[str, Any]) -> None:
        found = await self.in_database(self._find_again)
        if found is None:
            return await self.close(GONE)
        return await self.reply({"type": "state", "state": found.state, "seq": found.last_seq})

    async def was_read(self, event: dict[str, Any]) -> None:
        await self.reply({"type": "read", "by": event["side"], "upto": event["upto"]})

    async def typed(self, event: dict[str, Any]) -> None:
        if event["side"] != self.side:
            await self.reply({"type": "typing"})

    # In the database --------------------------------------------------------------------

    def _find(self) -> Consultation | None:
        return selectors.visible_to(self.scope["user"]).filter(public_id=self.public_id).first()

    def _find_again(self) -> Consultation | None:
        """With the user as they are now: whoever lost their place in it hears nothing more."""
        self.scope["user"] = get_user_model().objects.get(pk=self.scope["user"].pk)
        return self._find()

    def _news(self) -> list[dict[str, Any]] | None:
        consultation = self._find_again()
        return None if consultation is None else self._after(consultation, self.seen)

    def _after(self, consultation: Consultation, after: int) -> list[dict[str, Any]]:
        with translation.override(self.scope.get("language")):
            rows = selectors.shown(consultation, self.scope["user"], after=after)
            told = [frames.message_frame(consultation, row) for row in rows]
        self.seen = max(self.seen, *(row.message.seq for row in rows), 0)
        return told
