"""Signing in, proving oneself, signing out, being disabled."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes, factors, guesses
from hospital.accounts.models import Device, Sitting, User, Verification
from hospital.accounts.roles import STAFF, THREE_ADMINS, Role
from hospital.kernel import context
from hospital.kernel.encrypted import index_of
from hospital.kernel.refusals import NotAllowed, Refused, require

_BACKEND = "hospital.accounts.backends.Accounts"
_NOBODY = make_password("nobody's password, so that an unknown name takes as long")


def patient_by_code(code_id: UUID, digits: str, *, at: datetime) -> User:
    """The account of the phone that a code proves; a new one where there was none."""
    phone = codes.check(code_id, digits, purpose="sign-in", at=at)
    with transaction.atomic():
        index = index_of(User, "phone_index", phone)
        user = User.objects.filter(phone_index=index).first() or register_patient(phone, at=at)
    require(user.is_active, _("这个账号已停用，请联系医院。"), code="account-disabled")
    return user


@transaction.atomic
def register_patient(phone: str, *, at: datetime, demo: bool = False) -> User:
    """Open a patient's account for a phone that was proven to be theirs."""
    user = User.objects.create(
        phone=phone, roles=[Role.PATIENT], password=make_password(None), is_demo=demo
    )
    audit.record("account.register", by=user, on=user, at=at)
    return user


def staff_by_password(username: str, password: str, otp: str, *, device: str, at: datetime) -> User:
    """The member of staff whose password and second factor these are. Both, always.

    Every failure sounds the same. The guess is counted and committed before anything is compared.
    """
    address = context.current().ip
    name = username.strip().casefold()
    user = User.objects.filter(username=name, is_active=True).first()
    guesses.count(guesses.SECRET, name, address, at=at)
    if not _is_known(user, device):
        guesses.count(guesses.SECRET_ANYWHERE, name, at=at)
    right = check_password(password, user.password if user else _NOBODY)
    if user is None or not right or not factors.accept(user, otp, at=at):
        audit.note_failure("account.sign-in-fail", by=user, at=at)
        raise Refused(
            _("账号、密码或动态码不对。动态码用过一次就失效，请等下一个。"), code="sign-in-failed"
        )
    guesses.forget(guesses.SECRET, name, address)
    verified(user, method="totp", at=at)
    return user


def open_sitting(request: HttpRequest, user: User, *, device: str, at: datetime) -> None:
    """Begin a session for `user` in this browser; a browser not seen before is told of."""
    login(request, user, backend=_BACKEND)
    request.session.sign_in(  # type: ignore[attr-defined]
        user, at=at, ip=context.current().ip, agent=request.headers.get("User-Agent", "")
    )
    context.amend(user=user.public_id, session=request.session.digest)  # type: ignore[attr-defined]
    with transaction.atomic():
        audit.record("account.sign-in", by=user, on=user, at=at)
        first = not Device.objects.filter(user=user).exists()
        seen, made = Device.objects.update_or_create(
            user=user, digest=_digest(device), defaults={"seen_at": at}
        )
        if made and not first:
            audit.record("account.new-device", by=user, on=user, at=at, device=seen.pk)


def sign_out(request: HttpRequest, *, at: datetime) -> None:
    """End this session; its open sockets follow within seconds."""
    user = request.user
    if isinstance(user, User):
        with transaction.atomic():
            audit.record("account.sign-out", by=user, on=user, at=at)
    logout(request)


@transaction.atomic
def end_sitting(sitting: Sitting, *, by: User, at: datetime) -> None:
    """End one of one's own sessions elsewhere."""
    require(sitting.user_id == by.pk, _("只能退出自己的登录。"))
    audit.record("account.end-sitting", by=by, on=sitting, at=at)
    sitting.delete()


@transaction.atomic
def disable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Close an account at once: no sign-in, no session, no socket."""
    require(by.holds(Role.SYSTEM_ADMIN), _("只有系统管理员可以停用账号。"))
    require(by.pk != user.pk, _("不能停用自己的账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    Sitting.objects.filter(user=user).delete()
    audit.record(
        "account.disable", by=by, on=user, at=at, before="active", after="disabled", why=why[:60]
    )
    return user


@transaction.atomic
def enable(user: User, *, by: User, at: datetime, why: str) -> User:
    """Open a closed account again; its owner has to sign in anew."""
    require(by.holds(Role.SYSTEM_ADMIN), _("只有系统管理员可以恢复账号。"))
    user = User.objects.select_for_update().get(pk=user.pk)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(
        "account.enable", by=by, on=user, at=at, before="disabled", after="active", why=why[:60]
    )
    return user


@transaction.atomic
def verified(user: User, *, method: str, at: datetime) -> Verification:
    """Keep that `user` has just proved to be themselves."""
    proof = Verification.objects.create(user=user, at=at, method=method)
    audit.record("account.verify", by=user, on=proof, at=at, method=method)
    return proof


def verify(user: User, otp: str, *, at: datetime) -> Verification:
    """Prove oneself again with the second factor, e.g. before accepting a consultation (R-13)."""
    guesses.count(guesses.SECRET, f"verify:{user.public_id}", context.current().ip, at=at)
    if not factors.accept(user, otp, at=at):
        audit.note_failure("account.verify-fail", by=user, at=at)
        raise Refused(_("动态码不对，或已经用过，请等下一个。"), code="otp-wrong")
    guesses.forget(guesses.SECRET, f"verify:{user.public_id}", context.current().ip)
    return verified(user, method="totp", at=at)


@transaction.atomic
def add_staff(
    username: str,
    *,
    name: str,
    password: str,
    roles: list[str],
    by: Any,
    at: datetime,
    demo: bool = False,
) -> User:
    """Open an account for a member of staff. The second factor is enrolled apart."""
    if not STAFF.issuperset(roles) or not roles:
        raise Refused(_("职工账号至少要有一个职工角色。"), code="role-unknown")
    if len({*THREE_ADMINS}.intersection(roles)) > 1:
        raise NotAllowed(_("系统、安全、审计三种管理员不能由一人兼任。"), code="three-admins")
    user = User.objects.create(
        username=username.casefold(),
        name=name,
        password=make_password(password),
        roles=roles,
        is_demo=demo,
    )
    audit.record("account.add", by=by, on=user, at=at, roles=sorted(roles))
    return user


def keep_size(user: Any, size: str) -> None:
    """Remember how large this person wants to read, for their next device."""
    User.objects.filter(pk=user.pk).update(size=size)


def _is_known(user: User | None, device: str) -> bool:
    return user is not None and Device.objects.filter(user=user, digest=_digest(device)).exists()


def _digest(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest()
