"""Another phone for the same account: both numbers proven, both numbers told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts import codes, selectors
from hospital.accounts.models import Code, FormerPhone, Sitting, User
from hospital.accounts.services.recollecting import recollect
from hospital.kernel import context, jobs, normalise
from hospital.kernel.encrypted import index_of
from hospital.kernel.refusals import Refused, Unavailable, WrongState
from hospital.notifications import services as notifications

OLD, NEW = "phone-old", "phone-new"  # the purposes of the two codes
_TOLD_WITHIN: Final = timedelta(days=1)
_AT_ONCE: Final = 20


@dataclass(frozen=True)
class Asked:
    """The codes on their way; none to the old phone where it is lost."""

    new: Code
    old: Code | None


def ask_phone(user: User, phone: str, *, at: datetime, is_lost: bool = False) -> Asked:
    """Text a code to the new number, whoever has it, and one to the old. Not atomic."""
    if user.phone is None:
        raise WrongState(_("这个账号没有手机号。"), code="phone-none")
    phone = normalise.phone(phone)
    if phone == user.phone:
        raise Refused(_("新手机号和现在的一样。"), code="phone-same")
    old = None if is_lost else codes.ask(str(user.phone), purpose=OLD, at=at)
    return Asked(codes.ask(phone, purpose=NEW, at=at), old)


def change_phone(
    user: User,
    *,
    new: UUID,
    new_digits: str,
    at: datetime,
    old: UUID | None = None,
    old_digits: str = "",
    answers: Mapping[str, str] | None = None,
) -> User:
    """Sign in with another number from now on; every other session of the account ends.

    The old number is proven by its code, or where it is lost by `answers` from the record.
    """
    if old is None:
        recollect(user, answers or {}, at=at)
    elif codes.check(old, old_digits, purpose=OLD, at=at) != user.phone:
        raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")
    phone = codes.check(new, new_digits, purpose=NEW, at=at)
    return _change(user, phone, how="record" if old is None else "code", at=at)


@transaction.atomic
def _change(user: User, phone: str, *, how: str, at: datetime) -> User:
    user = selectors.locked(user)
    if user.phone is None:
        raise WrongState(_("这个账号没有手机号。"), code="phone-none")
    _require_free(phone)
    _set_aside(user, at=at, why="changed")
    user.phone = phone
    try:
        with transaction.atomic():
            user.save(update_fields=["phone", "phone_index"])
    except IntegrityError:  # taken in this very moment
        raise _taken() from None
    Sitting.objects.filter(user=user).exclude(pk=context.current().session).delete()
    audit.record("account.phone", by=user, on=user, at=at, how=how)
    notifications.notify(
        user,
        kind="account.phone",
        title=gettext_noop("登录手机号已更换"),
        body=gettext_noop(
            "您的账号换了登录手机号，其他设备已退出。如果不是您本人，请马上联系医院。"
        ),
        at=at,
        link="/me/sittings/",
    )
    jobs.after_commit("accounts.tell_phones")
    return user


def release(user: User, *, at: datetime) -> None:
    """The number went to somebody else. In the caller's transaction, which holds the account."""
    _set_aside(user, at=at, why="released")
    user.phone, user.phone_released_at = None, at
    user.save(update_fields=["phone", "phone_index", "phone_released_at"])
    Sitting.objects.filter(user=user).delete()
    audit.record("account.phone-release", by=None, on=user, at=at)


def tell_phones(*, at: datetime) -> int:
    """Text both numbers of every change not told yet; again does no harm. Outside transactions."""
    rows = FormerPhone.objects.select_related("user").filter(
        why="changed", told_at=None, until__gt=at - _TOLD_WITHIN
    )
    return sum(_tell(former, at=at) for former in rows.order_by("pk")[:_AT_ONCE])


def _tell(former: FormerPhone, *, at: datetime) -> bool:
    words = _("您的账号已更换登录手机号。如果不是您本人操作，请马上联系医院。")
    numbers = {"old": former.phone, "new": former.user.phone}
    try:
        for which, number in numbers.items():
            if number is not None:
                once = f"{former.public_id}-{which}"
                notifications.text(number, template="phone", params={}, words=words, once=once)
    except Unavailable:
        return False
    return bool(FormerPhone.objects.filter(pk=former.pk, told_at=None).update(told_at=at))


def _set_aside(user: User, *, at: datetime, why: str) -> None:
    FormerPhone.objects.create(user=user, phone=user.phone, until=at, why=why)


def _require_free(phone: str) -> None:
    if User.objects.filter(phone_index=index_of(User, "phone_index", phone)).exists():
        raise _taken()


def _taken() -> Refused:
    """Whoever reads this has just proven the number to be theirs."""
    return Refused(_("这个手机号已经有账号了，可以退出后直接用它登录。"), code="phone-taken")
