"""An authenticator app of one's own, made known by a code that it shows."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts import factors, guesses
from hospital.accounts.models import Sitting, User
from hospital.accounts.services.proving import verified
from hospital.kernel import context
from hospital.kernel.refusals import Refused
from hospital.notifications import services as notifications


def enrol(user: User, secret: str, otp: str, *, at: datetime) -> None:
    """Make `secret` one's authenticator, in place of an earlier one; other sessions end.

    The door has asked whoever already had a factor for a fresh proof. Not atomic: the guess is
    counted first.
    """
    here = context.current()
    guesses.count(guesses.SECRET, f"enrol:{user.public_id}", here.ip, at=at)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not factors.take(user, secret, otp, at=at):
            raise Refused(
                _("动态码不对：请用刚绑定的认证器，填现在的 6 位数字。"), code="otp-wrong"
            )
        ended, _rows = Sitting.objects.filter(user=user).exclude(pk=here.session).delete()
        audit.record("account.enrol", by=user, on=user, at=at, ended=ended)
        verified(user, method="totp", at=at, session=here.session)
        notifications.notify(
            user,
            kind="account.methods",
            title=gettext_noop("认证器已绑定"),
            body=gettext_noop("您的登录方式刚刚改过。如果不是您本人，请马上联系医院。"),
            at=at,
            link="/me/sign-in-methods/",
        )
    guesses.forget(guesses.SECRET, f"enrol:{user.public_id}", here.ip)
