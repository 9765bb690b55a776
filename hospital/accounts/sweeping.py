"""Throws away what has served its time: ended sessions, spent codes, old counters and keys."""

from datetime import datetime, timedelta

from hospital.accounts import services
from hospital.accounts.models import (
    Activation,
    Challenge,
    Code,
    Guess,
    IdempotencyKey,
    Recall,
    Seat,
    Sitting,
)

KEEP = timedelta(days=1)


def sweep(*, at: datetime) -> int:
    """Returns how many rows went. Accounts that nobody uses any more are closed besides."""
    services.close_unused(at=at)
    gone = (
        Sitting.objects.filter(expire_date__lt=at),
        Sitting.objects.filter(idle_at__lt=at),
        Challenge.objects.filter(expires_at__lt=at),
        Activation.objects.filter(expires_at__lt=at - KEEP, used_at=None),
        Code.objects.filter(expires_at__lt=at - KEEP),
        Recall.objects.filter(expires_at__lt=at - KEEP),
        Seat.objects.filter(seen_at__lt=at - KEEP),
        Guess.objects.filter(since__lt=at - KEEP),
        IdempotencyKey.objects.filter(begun_at__lt=at - KEEP),
    )
    return sum(rows.delete()[0] for rows in gone)
