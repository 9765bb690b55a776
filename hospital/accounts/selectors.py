"""Accounts as others may see them."""

from django.db.models import QuerySet
from django.db.models.functions import Now

from hospital.accounts.models import Activation, Factor, Passkey, RoleChange, Sitting, User


def sittings_of(user: User) -> QuerySet[Sitting]:
    """The sessions that `user` has open now, the newest first."""
    live = Sitting.objects.filter(user=user, expire_date__gt=Now(), idle_at__gt=Now())
    return live.order_by("-signed_in_at")


def passkeys_of(user: User) -> QuerySet[Passkey]:
    """One's own, the oldest first."""
    return Passkey.objects.filter(user=user).order_by("made_at", "pk")


def has_app(user: User) -> bool:
    """Whether an authenticator app is enrolled."""
    return Factor.objects.filter(user=user).exists()


def locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def locked_activation(activation: Activation) -> Activation:
    """The row under lock; it may be gone, when a newer link took its place: then it is as used."""
    found = Activation.objects.select_for_update().filter(pk=activation.pk).first()
    return found or Activation(used_at=activation.expires_at, expires_at=activation.expires_at)


def locked_change(change: RoleChange) -> RoleChange:
    rows = RoleChange.objects.select_related("user").select_for_update(of=("self",))
    return rows.get(pk=change.pk)
