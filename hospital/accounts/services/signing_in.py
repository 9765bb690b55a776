"""Signing in: patients by a code to their phone, staff by password and second factor."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth import login
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes, devices, factors, guesses, passkeys
from hospital.accounts.models import Device, Recall, User
from hospital.accounts.services.proving import verified
from hospital.accounts.services.recalling import ask_to_recall, must_recall
from hospital.accounts.services.registering import register_patient
from hospital.accounts.services.sittings import end_the_oldest
from hospital.kernel import context, normalise
from hospital.kernel.encrypted import index_of
from hospital.kernel.refusals import Refused, require

_BACKEND = "hospital.accounts.backends.Accounts"
_NOBODY = make_password("nobody's password, so that an unknown name takes as long")


def patient_by_code(code_id: UUID, digits: str, *, at: datetime, device: str = "") -> User | Recall:
    """The account of the phone that a code proves; a new one where there was none.

    Or the question that comes first, where the number may have changed hands (`recalling`).
    """
    phone = codes.check(code_id, digits, purpose="sign-in", at=at, device=device)
    with transaction.atomic():
        index = index_of(User, "phone_index", phone)
        user = User.objects.filter(phone_index=index).first() or register_patient(phone, at=at)
    require(user.is_active, _("这个账号已停用，请联系医院。"), code="account-disabled")
    if must_recall(user, device=device, at=at):
        return ask_to_recall(user, device=device, at=at)
    return user


def staff_by_password(
    username: str,
    password: str,
    otp: str = "",
    *,
    device: str,
    at: datetime,
    passkey: str = "",
    site: passkeys.Site | None = None,
) -> User:
    """The member of staff whose password and second factor these are. Both, always.

    The second is a dynamic code or what a passkey of theirs has signed. Every failure sounds the
    same. The guess is counted and committed before anything is compared.
    """
    address = context.current().ip
    name = normalise.folded(username).casefold()
    user = User.objects.filter(username=name, is_active=True).first()
    guesses.count(guesses.SECRET, name, address, at=at)
    if not _is_known(user, device):
        guesses.count(guesses.SECRET_ANYWHERE, name, at=at)
    right = check_password(password, user.password if user else _NOBODY)
    second = otp or passkey
    if user is None or not (right and second) or not _second(user, otp, passkey, site, at):
        audit.note_failure("account.sign-in-fail", by=user, at=at)
        raise Refused(
            _("账号、密码或动态码不对。动态码用过一次就失效，请等下一个。"), code="sign-in-failed"
        )
    guesses.forget(guesses.SECRET, name, address)
    return user


def _second(user: User, otp: str, passkey: str, site: passkeys.Site | None, at: datetime) -> bool:
    if otp or site is None:
        return factors.accept(user, otp, at=at)
    try:
        owner = passkeys.answered(
            passkey, passkeys.SIGN_IN, site, session=context.current().session, at=at
        ).user
    except Refused as refusal:
        if refusal.keep is not None:
            refusal.keep()  # noted; what is answered stays one sentence
        return False
    return owner.pk == user.pk


def patient_by_passkey(answer: str, *, site: passkeys.Site, at: datetime) -> User:
    """The patient whose passkey has signed. Of staff a passkey alone opens nothing."""
    guesses.count(guesses.PASSKEY, context.current().ip, at=at)
    session = context.current().session
    user = passkeys.answered(answer, passkeys.SIGN_IN, site, session=session, at=at).user
    if user.has_password:
        audit.note_failure("account.sign-in-fail", by=user, at=at)
        raise Refused(_("工作人员请用密码登录，再用通行密钥。"), code="passkey-wrong")
    require(user.is_active, _("这个账号已停用，请联系医院。"), code="account-disabled")
    return user


def open_sitting(
    request: HttpRequest, user: User, *, device: str, at: datetime, method: str
) -> None:
    """Begin a session for `user` in this browser; a browser not seen before is told of.

    `method` is how they have just proved to be themselves: the sitting's first verification.
    """
    login(request, user, backend=_BACKEND)
    request.session.sign_in(  # type: ignore[attr-defined]
        user, at=at, ip=context.current().ip, agent=request.headers.get("User-Agent", "")
    )
    context.amend(user=user.public_id, session=request.session.digest)  # type: ignore[attr-defined]
    with transaction.atomic():
        end_the_oldest(user, but_for=context.current().session, at=at)
        audit.record("account.sign-in", by=user, on=user, at=at)
        verified(user, method=method, at=at, session=context.current().session)
        first = not Device.objects.filter(user=user).exists()
        seen, made = Device.objects.update_or_create(
            user=user, digest=devices.digest(device), defaults={"seen_at": at}
        )
        if made and not first:
            audit.record("account.new-device", by=user, on=user, at=at, device=seen.pk)


def _is_known(user: User | None, device: str) -> bool:
    return (
        user is not None
        and Device.objects.filter(user=user, digest=devices.digest(device)).exists()
    )
