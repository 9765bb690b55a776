"""Proving oneself: a verification is what acts rest on, and what opens the step-up window."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes, factors, guesses, passkeys
from hospital.accounts.models import Code, User, Verification
from hospital.kernel import context
from hospital.kernel.refusals import NotAllowed, Refused


@transaction.atomic
def verified(user: User, *, method: str, at: datetime, session: str = "") -> Verification:
    """Keep that `user` has just proved to be themselves, in this `session` (its digest)."""
    proof = Verification.objects.create(user=user, at=at, method=method, session=session)
    audit.record("account.verify", by=user, on=proof, at=at, method=method)
    return proof


def verify(user: User, otp: str, *, at: datetime) -> Verification:
    """Staff: with a dynamic code, e.g. before accepting a consultation (R-13)."""

    def check() -> None:
        if not factors.accept(user, otp, at=at):
            raise Refused(_("动态码不对，或已经用过，请等下一个。"), code="otp-wrong")

    return _prove(user, check, method="totp", at=at)


def verify_by_passkey(
    user: User, answer: str, *, site: passkeys.Site, at: datetime
) -> Verification:
    """With a passkey of one's own, for which this session was given the challenge."""

    def check() -> None:
        session = context.current().session
        used = passkeys.answered(answer, passkeys.STEP_UP, site, session=session, at=at)
        if used.user_id != user.pk:
            raise Refused(_("这不是您的通行密钥。"), code="passkey-wrong")

    return _prove(user, check, method="passkey", at=at)


def ask_code(user: User, *, at: datetime) -> Code:
    """Patients: text a code to one's own phone. Not atomic, as `codes.ask`."""
    _require_patient(user)
    return codes.ask(str(user.phone), purpose="step-up", at=at)


def verify_by_code(user: User, code_id: UUID, digits: str, *, at: datetime) -> Verification:
    """Patients: with the code that came. Staff have no phone here, and a text is no factor."""
    _require_patient(user)

    def check() -> None:
        if codes.check(code_id, digits, purpose="step-up", at=at) != user.phone:
            raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")

    return _prove(user, check, method="sms", at=at)


def _require_patient(user: User) -> None:
    if user.has_password or not user.phone:
        raise NotAllowed(_("工作人员请用动态码或通行密钥核验。"), code="method-unknown")


def _prove(user: User, check: Callable[[], None], *, method: str, at: datetime) -> Verification:
    """The guess is counted and committed first; what fails is noted."""
    guess = (f"verify:{user.public_id}", context.current().ip)
    guesses.count(guesses.SECRET, *guess, at=at)
    try:
        check()
    except Refused:
        audit.note_failure("account.verify-fail", by=user, at=at, method=method)
        raise
    guesses.forget(guesses.SECRET, *guess)
    return verified(user, method=method, at=at, session=context.current().session)
