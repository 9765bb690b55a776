"""Codes texted to phones: asked for, checked once, forgotten.

The same is answered for a number that has an account and one that has none.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import guesses
from hospital.accounts.models import Code
from hospital.kernel import context
from hospital.kernel.ciphers import fingerprint
from hospital.kernel.refusals import Refused
from hospital.notifications import services as notifications

TRIES = 5


def ask(phone: str, *, purpose: str, at: datetime) -> Code:
    """Text a fresh code to `phone` (normalised). Not atomic: commit, then call the provider.

    Raises `TooMany` (one a minute, eight an hour) and `Unavailable` when it cannot be sent.
    """
    guesses.count(guesses.CODE_FROM_ADDRESS, context.current().ip, at=at)
    guesses.count(guesses.CODE_EACH_MINUTE, phone, purpose, at=at)
    guesses.count(guesses.CODE_EACH_HOUR, phone, purpose, at=at)
    digits = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        code = Code(
            purpose=purpose, phone=phone, expires_at=at + timedelta(minutes=settings.CODE_MINUTES)
        )
        code.digest = _digest(code, digits)
        code.save()
        audit.record("code.ask", by=None, on=code, at=at, purpose=purpose)
    words = _("验证码 %(code)s，%(minutes)s 分钟内有效。请勿告诉他人。") % {
        "code": digits,
        "minutes": settings.CODE_MINUTES,
    }
    notifications.text(
        phone, template="code", params={"code": digits}, words=words, once=str(code.public_id)
    )
    return code


def check(public_id: UUID, digits: str, *, purpose: str, at: datetime) -> str:
    """The phone that the code proves. Counts the try first; a code is good once."""
    counted = Code.objects.filter(
        public_id=public_id, purpose=purpose, used_at=None, expires_at__gt=at, tries__lt=TRIES
    ).update(tries=F("tries") + 1)
    if not counted:
        raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")
    code = Code.objects.get(public_id=public_id)
    if not hmac.compare_digest(code.digest, _digest(code, digits)):
        audit.note_failure("code.fail", by=None, at=at, purpose=purpose)
        raise Refused(
            _("验证码不对，请看一下短信再填。"), code="code-wrong", left=TRIES - code.tries
        )
    if not Code.objects.filter(pk=code.pk, used_at=None).update(used_at=at):
        raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")
    return str(code.phone)


def _digest(code: Code, digits: str) -> str:
    return fingerprint(f"{code.public_id}|{digits}", purpose=f"code.{code.purpose}")
