"""更正: a patient says what is wrong, medical affairs answer; nothing is overwritten (PI-08)."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from audit import services as audit
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.notifications import services as notifications
from patients import selectors
from patients.lifecycle import CORRECTION
from patients.models import Correction, Patient
from patients.permissions import may_speak_for

WORKING_DAYS: Final = 15  # Monday to Friday; holidays are not known here
SATURDAY: Final = 5
MOST: Final = 5  # open at once


@transaction.atomic
def ask_correction(patient: Patient, *, what: str, by: User, at: datetime) -> Correction:
    """Ask for something in the record to be put right. Answered within fifteen working days."""
    patient = selectors.locked(patient)
    require(may_speak_for(by, patient), _("只有本人或家人可以申请更正。"))
    told = prose(what, limit=1000)
    if not told:
        raise Refused(_("请写明哪一处不对、应该是什么。"), code="text-empty")
    if patient.corrections.filter(state="asked").count() >= MOST:
        raise WrongState(_("还有几份申请在等答复，请等答复后再提。"), code="corrections-many")
    made = Correction.objects.create(
        patient=patient, by=by, at=at, what=told, due_on=due_after(local_date(at))
    )
    audit.record("correction.ask", by=by, on=made, about=patient.public_id, at=at)
    return made


def make_correction(correction: Correction, *, by: Any, at: datetime, why: str) -> Correction:
    """Grant it: the answer is the addendum that stands beside what was written."""
    return _answer("make", correction, by=by, at=at, words=why)


def refuse_correction(correction: Correction, *, by: Any, at: datetime, why: str) -> Correction:
    """Refuse it; the reason is owed (个人信息保护法 第五十条)."""
    return _answer("refuse", correction, by=by, at=at, words=why)


def due_after(day: date) -> date:
    """The fifteenth working day after `day`."""
    left = WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return day


@transaction.atomic
def _answer(step: str, correction: Correction, *, by: Any, at: datetime, words: str) -> Correction:
    require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以答复更正申请。"))
    correction = selectors.locked_correction(correction)
    correction.state = CORRECTION.after(correction.state, step)
    correction.answered_at, correction.answered_by = at, by
    correction.answer = prose(words, limit=1000)
    correction.save(update_fields=["state", "answered_at", "answered_by", "answer"])
    audit.record(
        f"correction.{step}", by=by, on=correction, about=correction.patient.public_id, at=at
    )
    notifications.notify(
        correction.by,
        kind=f"correction.{step}",
        title=gettext_noop("更正申请有了答复"),
        body=gettext_noop("请在“我的资料”里查看。"),
        at=at,
        link="/me/data/",
    )
    return correction
