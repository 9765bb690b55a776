"""What is said in a consultation: gap-free, once, by people who have a place in it."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation, Message, Reading
from hospital.consultations.permissions import side_of
from hospital.consultations.services.practising import require_practice_of
from hospital.consultations.services.steps import group_of
from hospital.files.models import File
from hospital.kernel import hints
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import NotAllowed, Refused, WrongState

LONGEST: Final = 2000  # characters of a message
FILES: Final = "consultation"  # the kind of file that may be sent


@transaction.atomic
def say(
    consultation: Consultation,
    *,
    by: Any,
    at: datetime,
    client_id: UUID,
    text: str = "",
    file: UUID | None = None,
) -> Message:
    """Say something in an open consultation. The same `client_id` again is the same message."""
    consultation = selectors.locked(consultation)
    side = side_of(by, consultation)
    if not side:
        raise NotAllowed(_("您不在这次问诊里。"))
    if (said := selectors.said_before(consultation, by, client_id)) is not None:
        return said
    if side == "doctor":
        require_practice_of(consultation.doctor, at=at)
    if consultation.state != State.OPEN:
        raise WrongState(_("问诊没有在进行，不能发消息。"), code="not-open")
    image = _image(consultation, by, file) if file else None
    words = prose(text, limit=LONGEST)
    if not words and image is None:
        raise Refused(_("还没有写内容。"), code="text-empty")
    return _append(
        consultation,
        kind="image" if image else "text",
        side=side,
        at=at,
        by=by,
        client_id=client_id,
        text=words,
        file=image,
    )


def _image(consultation: Consultation, by: Any, file: UUID) -> File:
    """A picture that this sender uploaded for this very consultation."""
    found = File.objects.filter(
        public_id=file, kind=FILES, by=by, stream=consultation.public_id
    ).first()
    if found is None:
        raise Refused(_("没有找到这张图片，请重新上传。"), code="file-unknown")
    return found


@transaction.atomic
def post_card(
    consultation: Consultation, *, at: datetime, card: dict[str, Any], side: str = "doctor"
) -> Message:
    """Show something of a room above in the conversation: `{"kind", "title", "lines", "names",
    "url", "state"}`, where `state` is a lifecycle's face as a mapping, or a word; title and lines
    are kept sentences (`hospital.kernel.sentences`) with `names` in them."""
    consultation = selectors.locked(consultation)
    return _append(consultation, kind="card", side=side, at=at, card=card)


def mark(
    consultation: Consultation, code: str, *, at: datetime, names: Mapping[str, str] | None = None
) -> Message:
    """A line of the platform between the messages. The caller holds the consultation."""
    card = {"kind": code, "names": dict(names)} if names else {"kind": code}
    return _append(consultation, kind="note", side="system", at=at, card=card)


def _append(consultation: Consultation, *, client_id: UUID | None = None, **what: Any) -> Message:
    """The next message. The row lock on the consultation is what makes `seq` gap-free."""
    consultation.last_seq += 1
    consultation.save(update_fields=["last_seq"])
    message = Message.objects.create(
        consultation=consultation,
        seq=consultation.last_seq,
        client_id=client_id or uuid.uuid4(),
        **what,
    )
    audit.record(
        "message.say",
        by=message.by,
        on=message,
        at=message.at,
        about=consultation.patient.public_id,
        stream=consultation.public_id,
        seq=message.seq,
        type=message.kind,
        side=message.side,
    )
    hints.after_commit(group_of(consultation.public_id), {"type": "said", "seq": message.seq})
    return message


@transaction.atomic
def read(consultation: Consultation, *, by: Any, upto: int) -> int:
    """Remember how far `by` has read, never backwards and never beyond the last message."""
    side = side_of(by, consultation)
    if not side:
        raise NotAllowed(_("您不在这次问诊里。"))
    Reading.objects.get_or_create(consultation=consultation, by=by)
    mine = Reading.objects.filter(consultation=consultation, by=by)
    most = Consultation.objects.values_list("last_seq", flat=True).get(pk=consultation.pk)
    mine.update(upto=Greatest(F("upto"), min(max(upto, 0), most)))
    reached = mine.values_list("upto", flat=True).get()
    event = {"type": "was_read", "side": side, "upto": reached}
    hints.after_commit(group_of(consultation.public_id), event)
    return reached
