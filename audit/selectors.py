"""Reads the trail, as the auditor. The runtime role cannot."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from audit import proving
from audit.frontier import Frontier
from audit.models import Alarm, Event, Head, Pending, Watch
from audit.tree import newest_head

# Somebody has seen a patient's data; `about` is the patient, the facts say why.
READS: Final = (
    "record.read",
    "file.read",
    "prescription.read",
    "consultation.read",
    "report.read",
    "patient.unmask",
    "patient.export",
)


def trail() -> QuerySet[Event]:
    """The whole trail, oldest first."""
    return Event.objects.using("trail").order_by("id")


def of_stream(stream: UUID) -> QuerySet[Event]:
    """Everything that happened in one visit, in order."""
    return trail().filter(stream=stream)


def untold_before(feed: str, event: Event) -> list[Event]:
    """What the same visit did before `event` and `feed` has not been told yet, in order."""
    rows = Pending.objects.using("trail").filter(
        feed=feed, event__stream=event.stream, event_id__lt=event.pk
    )
    return [each.event for each in rows.select_related("event").order_by("event_id")]


def reads_of(patient: UUID, *, before: int | None = None) -> QuerySet[Event]:
    """Who has read the data of this patient, newest first; `before` is the last page's last id."""
    of_a_read = Q(kind__in=READS) | Q(kind__startswith="break-glass.")
    rows = Event.objects.using("trail").filter(of_a_read, about=patient).order_by("-id")
    return rows if before is None else rows.filter(pk__lt=before)


def receipt(event: Event) -> dict[str, Any] | None:
    """That this event stands in the trail, for `proofs.receipt_is_true`; None: not sealed yet.

    Plain JSON: text, hash, index, size, path, head. Read of the newest head.
    """
    head = newest_head()
    return proving.receipt(event.pk, head) if head else None


def sealed_until(at: datetime) -> datetime:
    """Up to when everything that happened is sealed: `at` itself where nothing waits."""
    frontier = Frontier.after(newest_head())
    waiting = Event.objects.using("trail").raw(
        f"SELECT e.id, e.at FROM audit_event e WHERE {frontier.waiting}"  # noqa: S608
        " ORDER BY e.xid, e.id LIMIT 1"
    )
    return min([at, *(event.at for event in waiting)])


def head(public_id: UUID) -> Head:
    return Head.objects.using("trail").get(public_id=public_id)


def open_alarms() -> QuerySet[Alarm]:
    """What the audit administrator has still to see through."""
    return Alarm.objects.exclude(state="closed")


def alarm_locked(alarm: Alarm) -> Alarm:
    return Alarm.objects.select_for_update().get(pk=alarm.pk)


def watched_until() -> datetime | None:
    """Up to when the trail was watched for alarms; None before the first watch."""
    return Watch.objects.values_list("at", flat=True).first()
