"""Time-based one-time passwords (RFC 6238), each good once."""

from datetime import datetime
from typing import Final

import pyotp

from hospital.accounts.models import Factor, User
from hospital.kernel.clock import database_now

STEP: Final = 30  # seconds
SKEW: Final = 1  # steps either side


def enrol(user: User, *, secret: str | None = None, at: datetime | None = None) -> Factor:
    """Give `user` a second factor; the secret is shown once, by the caller."""
    factor, made = Factor.objects.get_or_create(
        user=user, defaults={"secret": secret or pyotp.random_base32()}
    )
    if made or user.factor_set_at is None:
        user.factor_set_at = at or database_now()
        user.save(update_fields=["factor_set_at"])
    return factor


def take(user: User, secret: str, digits: str, *, at: datetime) -> bool:
    """Make `secret` the authenticator of `user`, if `digits` shows that they have it."""
    step = _step_of(secret, digits, at)
    if step is None:
        return False
    Factor.objects.filter(user=user).delete()
    Factor.objects.create(user=user, secret=secret, last_step=step)
    user.factor_set_at = at
    user.save(update_fields=["factor_set_at"])
    return True


def accept(user: User, digits: str, *, at: datetime) -> bool:
    """Whether `digits` is a current code of `user` that was not used before. Uses it up."""
    factor = Factor.objects.filter(user=user).first()
    if factor is None:
        return False
    step = _step_of(factor.secret, digits, at)
    if step is None:
        return False
    fresh = Factor.objects.filter(pk=factor.pk, last_step__lt=step)
    return bool(fresh.update(last_step=step))


def _step_of(secret: str, digits: str, at: datetime) -> int | None:
    """At which step, now or a little beside it, `secret` gives these digits."""
    generator = pyotp.TOTP(secret)
    now = int(at.timestamp()) // STEP
    for step in range(now - SKEW, now + SKEW + 1):
        if pyotp.utils.strings_equal(digits, generator.generate_otp(step)):
            return step
    return None
