"""One's own passkeys: added and removed. Both need a proof of oneself given just now."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts import passkeys
from hospital.accounts.models import Factor, Passkey, User
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.notifications import services as notifications

MOST: Final = 10


def add_passkey(
    user: User, answer: str, *, name: str, site: passkeys.Site, session: str, at: datetime
) -> Passkey:
    """Keep the key pair that `user`'s device has just made. Not atomic: the challenge is spent."""
    credential, key, count = passkeys.made(answer, site, session=session, at=at)
    called = prose(name, limit=40) or str(_("通行密钥"))
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if Passkey.objects.filter(user=user).count() >= MOST:
            raise Refused(_("最多 10 个通行密钥，请先删除不用的。"), code="too-many-passkeys")
        passkey = _kept(
            Passkey(user=user, credential=credential, key=key, count=count, name=called, made_at=at)
        )
        if user.has_password and user.factor_set_at is None:
            user.factor_set_at = at
            user.save(update_fields=["factor_set_at"])
        audit.record("account.passkey-add", by=user, on=passkey, at=at)
        _tell(user, gettext_noop("新增了通行密钥"), at=at)
    return passkey


def _kept(passkey: Passkey) -> Passkey:
    try:
        with transaction.atomic():
            passkey.save(force_insert=True)
    except IntegrityError as error:
        raise WrongState(_("这个通行密钥已经登记过了。"), code="passkey-known") from error
    return passkey


@transaction.atomic
def remove_passkey(passkey: Passkey, *, by: User, at: datetime) -> None:
    """Give up one of one's own; staff keep at least one second factor."""
    require(passkey.user_id == by.pk, _("只能删除自己的通行密钥。"))
    user = User.objects.select_for_update().get(pk=by.pk)
    others = Passkey.objects.filter(user=user).exclude(pk=passkey.pk).exists()
    if user.has_password and not others and not Factor.objects.filter(user=user).exists():
        raise WrongState(_("这是您唯一的第二因素，请先绑定认证器。"), code="last-factor")
    audit.record("account.passkey-remove", by=user, on=passkey, at=at)
    passkey.delete()
    _tell(user, gettext_noop("删除了通行密钥"), at=at)


def _tell(user: User, title: str, *, at: datetime) -> None:
    notifications.notify(
        user,
        kind="account.methods",
        title=title,
        body=gettext_noop("您的登录方式刚刚改过。如果不是您本人，请马上联系医院。"),
        at=at,
        link="/me/sign-in-methods/",
    )
