"""How a person wants to read."""

from typing import Any

from hospital.accounts.models import User


def keep_size(user: Any, size: str) -> None:
    """Remember how large this person wants to read, for their next device."""
    User.objects.filter(pk=user.pk).update(size=size)
