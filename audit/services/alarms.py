"""Raise an alarm once, and see it through."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from audit import patterns, selectors
from audit.lifecycle import LIFECYCLE
from audit.models import Alarm
from audit.permissions import may_handle
from audit.services.recording import record
from hospital.kernel import normalise
from hospital.kernel.refusals import Refused, require

log = logging.getLogger(__name__)
MOST_EVENTS = 100  # an alarm names the last few it rests on
LONGEST_NOTE = 200


@transaction.atomic
def alarm(
    kind: str,
    *,
    at: datetime,
    about: UUID | None = None,
    actor: UUID | None = None,
    whose: str = "",
    count: int = 1,
    events: Sequence[int] = (),
    **facts: Any,
) -> Alarm | None:
    """Raise it, and say so in the trail; None where this window has one of this kind already.

    `whose` is who it is about where that is neither the account `actor` nor the patient `about`.
    """
    made = _raised(kind, at, about, actor, whose, count, events, facts)
    if made is not None:
        _say_so(made, at=at)
    return made


def alarm_anyhow(kind: str, *, at: datetime, **facts: Any) -> Alarm | None:
    """Raise it even where the trail takes nothing: its event is made up for by `say_untold`."""
    log.critical("alarm %s %s", kind, facts)
    with transaction.atomic():
        return _raised(kind, at, None, None, "", 1, (), facts)


def say_untold(*, at: datetime) -> int:
    """Tell the trail of alarms it could not be told of; returns how many."""
    untold = Alarm.objects.filter(event=None).order_by("pk")
    for told, each in enumerate(untold):
        try:
            with transaction.atomic():
                _say_so(each, at=at)
        except DatabaseError:
            return told
    return len(untold)


@transaction.atomic
def acknowledge(alarm: Alarm, *, by: Any, at: datetime) -> Alarm:
    """Say that one looks into it."""
    alarm = _held(alarm, by)
    alarm.acknowledged_by, alarm.acknowledged_at = by.public_id, at
    return _take_step("acknowledge", alarm, by=by, at=at)


@transaction.atomic
def close(alarm: Alarm, *, by: Any, at: datetime, why: str) -> Alarm:
    """Say what was found. The note is about the matter: no patient's name, no illness."""
    alarm = _held(alarm, by)
    alarm.note = normalise.prose(why, limit=LONGEST_NOTE)
    if not alarm.note:
        raise Refused(_("请写明查到了什么、怎么处理的。"), code="note-missing")
    alarm.closed_by, alarm.closed_at = by.public_id, at
    return _take_step("close", alarm, by=by, at=at)


def _held(alarm: Alarm, by: Any) -> Alarm:
    alarm = selectors.alarm_locked(alarm)
    require(may_handle(by, alarm), _("告警由审计管理员处理；涉及本人的，请另一位处理。"))
    return alarm


def _take_step(step: str, alarm: Alarm, *, by: Any, at: datetime) -> Alarm:
    before = alarm.state
    alarm.state = LIFECYCLE.after(before, step)
    alarm.save()
    record(f"alarm.{step}", by=by, on=alarm, at=at, before=before, after=alarm.state)
    return alarm


def _raised(
    kind: str,
    at: datetime,
    about: UUID | None,
    actor: UUID | None,
    whose: str,
    count: int,
    events: Sequence[int],
    facts: dict[str, Any],
) -> Alarm | None:
    window = int(patterns.window_of(kind).total_seconds())
    made, is_new = Alarm.objects.get_or_create(
        kind=kind,
        whose=whose or str(actor or about or ""),
        slot=int(at.timestamp()) // window,
        defaults={
            "at": at,
            "window": window,
            "actor": actor,
            "about": about,
            "count": count,
            "events": list(events[-MOST_EVENTS:]),
            "last_event": max(events, default=0),
            "facts": facts,
        },
    )
    return made if is_new else None


def _say_so(alarm: Alarm, *, at: datetime) -> None:
    event = record(
        "alarm.raise",
        by=None,
        on=alarm,
        at=at,
        about=alarm.about,
        after=alarm.state,
        alarm=alarm.kind,
        count=alarm.count,
        suspect=str(alarm.actor or ""),
    )
    alarm.event = event.pk
    alarm.save(update_fields=["event"])
