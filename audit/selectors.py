"""Reads the trail, as the auditor. The runtime role cannot."""

from uuid import UUID

from django.db.models import QuerySet

from audit.models import Event


def trail() -> QuerySet[Event]:
    """The whole trail, oldest first."""
    return Event.objects.using("trail").order_by("id")


def of_stream(stream: UUID) -> QuerySet[Event]:
    """Everything that happened in one visit, in order."""
    return trail().filter(stream=stream)
