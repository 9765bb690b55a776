"""How many sockets one person may have open, over all processes, without asking Redis.

A process that dies leaves its seats behind; they are free again when nobody has kept them.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now

from hospital.accounts.models import Seat, User

MOST: Final = 5
_COLD: Final = timedelta(seconds=30)


@transaction.atomic
def take(user: Any) -> UUID | None:
    """One more seat, or None. The lock on the account makes two at once take turns."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    mine = Seat.objects.filter(user=user)
    mine.filter(seen_at__lt=Now() - _COLD).delete()
    if mine.count() >= MOST:
        return None
    return Seat.objects.create(user=user, seen_at=Now()).public_id


def keep(taken: Collection[UUID]) -> None:
    Seat.objects.filter(public_id__in=taken).update(seen_at=Now())


def leave(seat: UUID) -> None:
    Seat.objects.filter(public_id=seat).delete()
