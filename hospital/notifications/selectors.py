"""A person's own notices, and nobody else's."""

from typing import Any

from django.db.models import QuerySet

from hospital.notifications.models import Notice


def visible_to(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user)


def unread(user: Any) -> int:
    """How many are unread; the badge shows 99+ beyond that, so no more are counted."""
    return visible_to(user).filter(read_at=None)[:100].count()
