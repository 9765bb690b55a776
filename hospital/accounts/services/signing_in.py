"""Signing in: patients by a code to their phone, staff by password and second factor."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth import login
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes, devices, factors, guesses
from hospital.accounts.models import Device, Recall, User
from hospital.accounts.services.proving import verified
from hospital.accounts.services.recalling import ask_to_recall, must_recall
from hospital.accounts.services.registering import register_patient
from hospital.kernel import context
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
