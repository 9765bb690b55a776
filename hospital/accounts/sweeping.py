"""Throws away what has served its time: ended sessions, spent codes, old counters and keys."""

from datetime import datetime, timedelta

from hospital.accounts.models import Code, Guess, IdempotencyKey, Recall, Seat, Sitting

KEEP = timedelta(days=1)


def sweep(*, at: datetime) -> int:
    """Returns how many rows went."""
    gone = (
        Sitting.objects.filter(expire_date__lt=at),
        Sitting.objects.filter(idle_at__lt=at),
        Code.objects.filter(expires_at__lt=at - KEEP),
        Recall.objects.filter(expires_at__lt=at - KEEP),
        Seat.objects.filter(seen_at__lt=at - KEEP),
        Guess.objects.filter(since__lt=at - KEEP),
        IdempotencyKey.objects.filter(begun_at__lt=at - KEEP),
    )
    return sum(rows.delete()[0] for rows in gone)
