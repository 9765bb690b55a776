"""How a doctor is known to be themselves before they attend (R-13): an adapter.

The default asks the second factor. A hospital that compares faces, or asks its certificate
authority, names its own class in `IDENTITY_CHECK`; what that finds, it keeps with
`accounts.services.verified(method=…)`, so that acts can rest on it.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from hospital.accounts.models import Verification
from hospital.kernel.refusals import Detour


class IdentityCheck(Protocol):
    page: str  # where a doctor goes to be checked; it leads back to `next`

    def latest(self, user: Any, *, at: datetime) -> Verification | None:
        """The newest verification of `user` up to `at` that is good enough to attend on."""


class SecondFactor:
    """The authenticator app or a passkey of one's own."""

    page: Final = "/me/verify/"

    def latest(self, user: Any, *, at: datetime) -> Verification | None:
        proofs = Verification.objects.filter(user=user, at__lte=at, method__in=("totp", "passkey"))
        return proofs.order_by("-at").first()


@cache
def check() -> IdentityCheck:
    return import_string(settings.IDENTITY_CHECK)()  # type: ignore[no-any-return]


def proof_of(user: Any, *, at: datetime, minutes: int) -> Verification:
    """The verification on which `user` may attend now; where it is older than `minutes`, the
    way to the next one (`identity-stale`)."""
    proof = check().latest(user, at=at)
    if proof is None or at - proof.at > timedelta(minutes=minutes):
        raise Detour(
            _("接诊前请先核验本人身份。核验 %(minutes)s 分钟内有效。") % {"minutes": minutes},
            code="identity-stale",
            page=check().page,
        )
    return proof
