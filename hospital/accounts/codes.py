"""Codes texted to phones: asked for, checked once, forgotten.

The same is answered for a number that has an account and one that has none. A code proves one
phone, for one purpose, to the browser that asked for it (ASVS 6.6.2): read out to a caller it
opens nothing in the caller's own. Before anybody is signed in the browser is known by its device
mark, afterwards by the session.
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


def ask(phone: str, *, purpose: str, at: datetime, device: str = "") -> Code:
    """Text a fresh code to `phone` (normalised). Not atomic: commit, then call the provider.

    `device` is the mark of a browser in which nobody is signed in yet; else the session counts.
    Raises `TooMany` (one a minute, eight an hour) and `Unavailable` when it cannot be sent.
    """
    guesses.count(guesses.CODE_FROM_ADDRESS, context.current().ip, at=at)
    guesses.count(guesses.CODE_EACH_MINUTE, phone, purpose, at=at)
    guesses.count(guesses.CODE_EACH_HOUR, phone, purpose, at=at)
    digits = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        code = Code(
            purpose=purpose,
            phone=phone,
            browser=browser_of(device),
            expires_at=at + timedelta(minutes=settings.CODE_MINUTES),
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


def check(public_id: UUID, digits: str, *, purpose: str, at: datetime, device: str = "") -> str:
    """The phone that the code proves. Counts the try first; a code is good once.

    Of another purpose or another browser it does not exist; that uses up none of its tries.
    """
    counted = Code.objects.filter(
        public_id=public_id,
        purpose=purpose,
        browser=browser_of(device),
        used_at=None,
        expires_at__gt=at,
        tries__lt=TRIES,
    ).update(tries=F("tries") + 1)
    if not counted:
        raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")
    code = Code.objects.get(public_id=public_id)
    if not hmac.compare_digest(code.digest, _digest(code, digits)):
        audit.note_failure("code.fail", by=None, at=at, purpose=purpose)
        raise Refused(
            _("验证码不对，请看一下短信再填。"), code="code-wrong", left=TRIES - code.tries
        )
    if not _spent(code, at):
        raise Refused(_("验证码已失效，请重新获取。"), code="code-expired")
    return str(code.phone)


def browser_of(device: str) -> str:
    """What stands in a row for the browser that is asking now."""
    return fingerprint(device or context.current().session, purpose="browser")


def _spent(code: Code, at: datetime) -> bool:
    """Of any number at once, one gets it."""
    return bool(Code.objects.filter(pk=code.pk, used_at=None).update(used_at=at))


def _digest(code: Code, digits: str) -> str:
    return fingerprint(f"{code.public_id}|{digits}", purpose=f"code.{code.purpose}")
