"""Reads the trail, as the auditor. The runtime role cannot."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.models import Alarm, Event, Pending, Watch


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


def open_alarms() -> QuerySet[Alarm]:
    """What the audit administrator has still to see through."""
    return Alarm.objects.exclude(state="closed")


def alarm_locked(alarm: Alarm) -> Alarm:
    return Alarm.objects.select_for_update().get(pk=alarm.pk)


def watched_until() -> datetime | None:
    """Up to when the trail was watched for alarms; None before the first watch."""
    return Watch.objects.values_list("at", flat=True).first()
