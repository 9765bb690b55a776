"""Staff who may do nothing yet: no second factor, or a password that has grown too old.

They pass only the entries marked `first`: signing out, enrolling, choosing a password (8.1.4.1 a
and d). It costs no query: the dates stand on the account.
"""

from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from hospital.accounts.models import User
from hospital.kernel.refusals import Detour

ENROL: Final = "/me/enrol/"
PASSWORD: Final = "/me/password/"  # noqa: S105 - a page


def what_is_missing(user: User) -> Detour | None:
    """What `user` must do before anything else. Our own clock is good enough for ninety days."""
    if not user.has_password:
        return None
    if user.factor_set_at is None:
        return Detour(
            _("请先绑定认证器：工作人员登录要用密码和动态码两样。"),
            code="enrol-first",
            page=ENROL,
            shuts=True,
        )
    if is_password_old(user):
        return Detour(
            _("密码已经用了 %(days)s 天，请先换一个新密码。") % {"days": settings.PASSWORD_DAYS},
            code="password-expired",
            page=PASSWORD,
            shuts=True,
        )
    return None


def is_password_old(user: User) -> bool:
    """The public passwords of the demonstration do not age; production refuses its people."""
    if user.is_demo:
        return False
    set_at = user.password_set_at
    return set_at is None or (timezone.now() - set_at).days >= settings.PASSWORD_DAYS
