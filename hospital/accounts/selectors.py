"""Accounts as others may see them."""

from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now

from hospital.accounts.models import RoleChange, Sitting, User, Verification


def sittings_of(user: User) -> QuerySet[Sitting]:
    """The sessions that `user` has open now, the newest first."""
    live = Sitting.objects.filter(user=user, expire_date__gt=Now(), idle_at__gt=Now())
    return live.order_by("-signed_in_at")


def latest_verification(user: User, *, at: datetime) -> Verification | None:
    """When and how `user` last proved to be themselves, up to `at`."""
    return Verification.objects.filter(user=user, at__lte=at).order_by("-at").first()


def locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def locked_change(change: RoleChange) -> RoleChange:
    rows = RoleChange.objects.select_related("user").select_for_update(of=("self",))
    return rows.get(pk=change.pk)
