"""What was said, and how far each side has read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Max

from doctors.models import Clinician
from hospital.consultations.models import Consultation, Handover, Message, Reading
from hospital.consultations.permissions import side_of
from hospital.consultations.selectors.handovers import doctors_in, former_doctors

PAGE: Final = 200  # messages in one answer; who is further behind asks again


def messages_after(consultation: Consultation, seq: int) -> list[Message]:
    """The next messages after `seq`, in order, without a gap."""
    rows = Message.objects.filter(consultation=consultation, seq__gt=seq).order_by("seq")
    return list(rows.select_related("file")[:PAGE])


def said_before(consultation: Consultation, by: Any, client_id: UUID) -> Message | None:
    """The message that this sender has already sent under this id."""
    return Message.objects.filter(consultation=consultation, by=by, client_id=client_id).first()


def read_upto(consultation: Consultation, side: str) -> int:
    """How far anybody of this side has read."""
    doctors = doctors_in(consultation)
    rows = Reading.objects.filter(consultation=consultation)
    rows = rows.filter(doctors) if side == "doctor" else rows.exclude(doctors)
    return rows.aggregate(upto=Max("upto"))["upto"] or 0


def read_by(consultation: Consultation, user: Any) -> int:
    """How far this person has read."""
    mine = Reading.objects.filter(consultation=consultation, by=user)
    return mine.values_list("upto", flat=True).first() or 0


@dataclass(frozen=True)
class Shown:
    """A message as one side of the conversation sees it."""

    message: Message
    side: str  # who looks
    doctor: Clinician  # who attended when it was said
    is_read: bool = False
    is_ours: bool = True  # not of a doctor before whoever looks

    @property
    def is_mine(self) -> bool:
        return self.message.side == self.side and self.is_ours


def shown(consultation: Consultation, user: Any, *, after: int = 0) -> list[Shown]:
    """The messages after `after` as `user` sees them."""
    side = side_of(user, consultation)
    upto = read_upto(consultation, "patient" if side == "doctor" else "doctor")
    former = former_doctors(consultation)
    return [
        _shown(row, side, consultation.doctor, former, is_read=row.seq <= upto)
        for row in messages_after(consultation, after)
    ]


def _shown(
    row: Message, side: str, now: Clinician, former: Sequence[Handover], *, is_read: bool
) -> Shown:
    then = next((each.former for each in former if each.taken_at and row.at < each.taken_at), now)
    return Shown(row, side, then, is_read=is_read, is_ours=side == "patient" or then == now)
