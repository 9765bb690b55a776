"""Answers the kernel's gate: may this person pass this door, and is this session still alive?"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from hospital.accounts import readiness, seats, stepping_up
from hospital.accounts.access import ENTRIES
from hospital.accounts.idleness import keep_awake
from hospital.accounts.models import Sitting, User
from hospital.accounts.roles import ANYONE
from hospital.kernel.refusals import Detour


class Admission:
    """`settings.ACCESS_BACKEND`."""

    def admits(self, user: Any, entry: str) -> str | None:
        """The role that lets `user` in. An unknown entry lets nobody in."""
        row = ENTRIES.get(entry)
        if row is None:
            return None
        if user.is_authenticated and user.is_active:
            held = sorted(row.roles.intersection(user.roles))
            if held:
                return held[0]
        return ANYONE if ANYONE in row.roles else None

    def hurdle(self, user: Any, session: str, entry: str) -> Detour | None:
        """Readiness asks no query; freshness one, and only at the entries that want it."""
        row = ENTRIES.get(entry)
        if row is None or not user.is_authenticated:
            return None
        if not row.first and (missing := readiness.what_is_missing(user)) is not None:
            return missing
        if row.fresh and not stepping_up.is_fresh(user, session):
            return stepping_up.detour(user)
        return None

    def live(self, sessions: Collection[str]) -> set[str]:
        rows = Sitting.objects.filter(
            pk__in=sessions, user__is_active=True, expire_date__gt=Now(), idle_at__gt=Now()
        )
        return set(rows.values_list("pk", flat=True))

    def owners(self, sessions: Collection[str]) -> Mapping[str, User]:
        rows = Sitting.objects.select_related("user").filter(
            pk__in=sessions, user__is_active=True, expire_date__gt=Now(), idle_at__gt=Now()
        )
        return {row.pk: row.user for row in rows if row.user is not None}

    def take_seat(self, user: Any) -> UUID | None:
        return seats.take(user)

    def keep_seats(self, taken: Collection[UUID]) -> None:
        seats.keep(taken)

    def leave_seat(self, seat: UUID) -> None:
        seats.leave(seat)

    def wake(self, session: str) -> None:
        row = Sitting.objects.filter(pk=session).first()
        if row is not None:
            keep_awake(row)

    def exists(self, entry: str) -> bool:
        return entry in ENTRIES
