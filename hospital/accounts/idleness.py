"""What keeps a sitting from ending for idleness: what its owner does, not what a page asks.

At the price of one small write a half minute.
"""

from datetime import timedelta
from typing import Final

from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone

from hospital.accounts.models import Sitting

BACKGROUND: Final = "X-Background"  # a page's own polling says so, and does not count
_EVERY = timedelta(seconds=30)


def is_by_hand(request: HttpRequest) -> bool:
    return BACKGROUND not in request.headers


def keep_awake(row: Sitting) -> None:
    """Our own clock only says when it is worth asking; the database's decides."""
    if abs(timezone.now() - row.seen_at) < _EVERY:
        return
    Sitting.objects.filter(pk=row.pk, seen_at__lt=Now() - _EVERY).update(
        seen_at=Now(), idle_at=Now() + timedelta(seconds=row.idle_seconds)
    )
