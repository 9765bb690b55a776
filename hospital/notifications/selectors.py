"""A person's own notices, and nobody else's."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from hospital.notifications.models import Notice


def visible_to(user: Any) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user)


def unread(user: Any) -> int:
    """How many are unread; the badge shows 99+ beyond that, so no more are counted."""
    return visible_to(user).filter(read_at=None)[:100].count()


def audit_admins() -> QuerySet[Any]:
    return get_user_model().objects.filter(roles__contains=["audit_admin"], is_active=True)
