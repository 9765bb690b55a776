"""Reads the trail, as the auditor. The runtime role cannot."""

from uuid import UUID

from django.db.models import QuerySet

from audit.models import Event, Pending


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
