"""Step-up: what weighs much needs a proof of oneself given in this very sitting, minutes ago.

How many minutes is the hospital's own setting (`step_up_minutes`); policy stands above accounts
and hands over the expression that finds it, so that asking costs one query and is never stale.
"""

from datetime import timedelta
from typing import Any, Final

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, IntegerField, Value
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from hospital.accounts.models import Passkey, User, Verification
from hospital.kernel.refusals import Detour

PAGE: Final = "/me/verify/"
MINUTES: Final = 15  # where nobody has set another window
_window: dict[str, Any] = {"minutes": Value(MINUTES)}


def minutes_found_by(expression: Any) -> None:
    """`expression` gives the window in minutes as the database knows it, or NULL."""
    _window["minutes"] = Coalesce(expression, MINUTES, output_field=IntegerField())


def is_fresh(user: User, session: str) -> bool:
    """Whether `user` proved to be themselves in this sitting within the window. One query."""
    if not session:
        return False
    window = ExpressionWrapper(
        F("minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
    )
    since = ExpressionWrapper(Now() - window, output_field=DateTimeField())
    proofs = Verification.objects.filter(user=user, session=session)
    return proofs.annotate(minutes=_window["minutes"]).filter(at__gt=since, at__lte=Now()).exists()


def detour(user: User) -> Detour:
    """Where `user` goes to prove themselves, with the ways they may do so."""
    return Detour(
        _("这一步很重要，请先核验是您本人。"),
        code="step-up",
        page=PAGE,
        methods=methods_of(user),
    )


def methods_of(user: User) -> list[str]:
    """By which proofs `user` may step up: staff by a second factor, patients by a texted code."""
    first = "totp" if user.has_password else "sms"
    return [first, *(["passkey"] if Passkey.objects.filter(user=user).exists() else [])]
