"""Proving oneself (R-13): a verification is what acts rest on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import factors, guesses
from hospital.accounts.models import User, Verification
from hospital.kernel import context
from hospital.kernel.refusals import Refused


@transaction.atomic
def verified(user: User, *, method: str, at: datetime, session: str = "") -> Verification:
    """Keep that `user` has just proved to be themselves, in this `session` (its digest)."""
    proof = Verification.objects.create(user=user, at=at, method=method, session=session)
    audit.record("account.verify", by=user, on=proof, at=at, method=method)
    return proof


def verify(user: User, otp: str, *, at: datetime) -> Verification:
    """Prove oneself again with the second factor, e.g. before accepting a consultation (R-13)."""
    guesses.count(guesses.SECRET, f"verify:{user.public_id}", context.current().ip, at=at)
    if not factors.accept(user, otp, at=at):
        audit.note_failure("account.verify-fail", by=user, at=at)
        raise Refused(_("动态码不对，或已经用过，请等下一个。"), code="otp-wrong")
    guesses.forget(guesses.SECRET, f"verify:{user.public_id}", context.current().ip)
    return verified(user, method="totp", at=at, session=context.current().session)
