"""Sentences that a doctor writes often."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, QuickReply
from doctors.services.offering import held
from hospital.accounts.models import User
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState


@transaction.atomic
def add_reply(clinician: Clinician, text: str, *, by: User, at: datetime) -> QuickReply:
    """Keep a sentence, behind the others."""
    clinician = held(clinician, by=by)
    words, count = _words(text), clinician.quick_replies.count()
    if count >= QuickReply.MOST:
        raise WrongState(_("最多 30 条快捷回复，请先删去一条。"), code="replies-full")
    reply = QuickReply.objects.create(clinician=clinician, place=count, text=words)
    audit.record("reply.add", by=by, on=clinician, at=at)
    return reply


@transaction.atomic
def change_reply(reply: QuickReply, text: str, *, by: User, at: datetime) -> QuickReply:
    held(reply.clinician, by=by)
    reply.text = _words(text)
    reply.save(update_fields=["text"])
    audit.record("reply.change", by=by, on=reply.clinician, at=at)
    return reply


@transaction.atomic
def move_reply(reply: QuickReply, *, up: bool, by: User, at: datetime) -> None:
    """Change places with the one before it, or behind it; at the end nothing happens."""
    clinician = held(reply.clinician, by=by)
    rows = list(clinician.quick_replies.order_by("place"))
    here = next((n for n, row in enumerate(rows) if row.pk == reply.pk), None)
    there = -1 if here is None else here + (-1 if up else 1)
    if here is None or not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    _number(rows)
    audit.record("reply.move", by=by, on=clinician, at=at)


@transaction.atomic
def remove_reply(reply: QuickReply, *, by: User, at: datetime) -> None:
    clinician = held(reply.clinician, by=by)
    clinician.quick_replies.filter(pk=reply.pk).delete()
    _number(list(clinician.quick_replies.order_by("place")))
    audit.record("reply.remove", by=by, on=clinician, at=at)


def _number(rows: list[QuickReply]) -> None:
    for place, row in enumerate(rows):
        row.place = place
    QuickReply.objects.bulk_update(rows, ["place"])


def _words(text: str) -> str:
    words = prose(text, limit=QuickReply.LONGEST)
    if not words:
        raise Refused(_("请写一句话。"), code="text-empty")
    return words
