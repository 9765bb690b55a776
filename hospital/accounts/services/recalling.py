"""Numbers that may have gone to somebody else: the old record opens to who remembers it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import codes, devices, recollection, selectors
from hospital.accounts.models import Device, Recall, User
from hospital.accounts.services.phones import release
from hospital.accounts.services.recollecting import recollect
from hospital.accounts.services.registering import register_patient
from hospital.kernel.refusals import Refused

PATIENCE: Final = timedelta(minutes=10)


def must_recall(user: User, *, device: str, at: datetime) -> bool:
    """A browser never seen before, after a silence in which a number can change hands."""
    if Device.objects.filter(user=user, digest=devices.digest(device)).exists():
        return False
    seen = Device.objects.filter(user=user).aggregate(last=Max("seen_at"))["last"]
    silent_since = seen or user.joined_at
    long_ago = at - silent_since >= timedelta(days=settings.RECALL_AFTER_DAYS)
    return long_ago and recollection.question().is_asked(user)


@transaction.atomic
def ask_to_recall(user: User, *, device: str, at: datetime) -> Recall:
    """Hold the right code back, for this browser and some minutes."""
    asked = Recall.objects.create(
        user=user, browser=codes.browser_of(device), at=at, expires_at=at + PATIENCE
    )
    audit.record("account.recall-ask", by=None, on=asked, at=at, user=str(user.public_id))
    return asked


def recall(public_id: UUID, answers: Mapping[str, str], *, device: str, at: datetime) -> User:
    """The account, for who answers from its record. Counts before it compares."""
    asked = _standing(public_id, device=device, at=at)
    recollect(asked.user, answers, at=at)
    with transaction.atomic():
        _settle(asked, at=at)
        audit.record("account.recall", by=asked.user, on=asked, at=at)
    return asked.user


@transaction.atomic
def start_afresh(public_id: UUID, *, device: str, at: datetime) -> User:
    """A new account for this phone. The old one keeps what it holds, and loses the number.

    Its patients can be claimed again by whoever they are: real name, and the hospital's phone.
    """
    asked = _standing(public_id, device=device, at=at)
    old = selectors.locked(asked.user)
    _settle(asked, at=at)
    if old.phone is None:
        raise _expired()
    phone = str(old.phone)
    release(old, at=at)
    return register_patient(phone, at=at, demo=old.is_demo)


def _standing(public_id: UUID, *, device: str, at: datetime) -> Recall:
    rows = Recall.objects.select_related("user").filter(
        public_id=public_id,
        browser=codes.browser_of(device),
        settled_at=None,
        expires_at__gt=at,
        user__is_active=True,
    )
    asked = rows.first()
    if asked is None:
        raise _expired()
    return asked


def _settle(asked: Recall, *, at: datetime) -> None:
    """Once: of any number at once, one gets it."""
    if not Recall.objects.filter(pk=asked.pk, settled_at=None).update(settled_at=at):
        raise _expired()


def _expired() -> Refused:
    return Refused(_("已经过了时间，请重新登录。"), code="recall-expired")
