"""A licence is handed in, decided about, suspended, restored.

Two people each time: who hands in never approves, and a restoration is an approval.
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import licences, selectors
from doctors.lifecycle import LIFECYCLE, State
from doctors.models import Clinician, Credential
from doctors.news import tell
from doctors.permissions import may_decide, may_submit, may_suspend
from doctors.services.reasons import stated
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require


@transaction.atomic
def submit_credential(
    clinician: Clinician,
    *,
    qualification_no: str,
    practice_no: str,
    institution: str,
    scope: str,
    independent_since: date,
    valid_until: date,
    by: User,
    at: datetime,
    id_number: str | None = None,
) -> Credential:
    """Hand in a licence for approval. `id_number` is the holder's, where it is known."""
    require(may_submit(by, clinician), _("只能提交自己的资质。"))
    today, is_doctor = local_date(at), clinician.kind == "doctor"
    if independent_since > today or valid_until < today:
        raise Refused(_("请核对日期：独立执业从过去开始，有效期到今天以后。"), code="dates")
    if is_doctor:
        numbers = {
            "qualification_no": licences.qualification_number(
                qualification_no, today=today, id_number=id_number
            ),
            "practice_no": licences.practice_number(practice_no),
        }
    else:
        numbers = {
            "qualification_no": licences.pharmacist_number(qualification_no),
            "practice_no": licences.pharmacist_number(practice_no),
        }
    credential = _new(
        **numbers,
        clinician=clinician,
        institution=prose(institution, limit=80),
        scope=prose(scope, limit=80),
        independent_since=independent_since,
        valid_until=valid_until,
        submitted_at=at,
        submitted_by=by,
    )
    audit.record(
        "credential.submit", by=by, on=credential, at=at, clinician=clinician.public_id.hex
    )
    return credential


def _new(**values: Any) -> Credential:
    try:
        with transaction.atomic():
            return Credential.objects.create(**values)
    except IntegrityError:
        raise WrongState(_("已有一份资质在等待审核。"), code="already-submitted") from None


@transaction.atomic
def approve(credential: Credential, *, by: User, at: datetime) -> Credential:
    """Put a licence in force. An earlier one in force lapses; a suspended one is in the way."""
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    for earlier in credential.clinician.credentials.filter(
        state__in=[State.APPROVED, State.SUSPENDED]
    ).exclude(pk=credential.pk):
        _take_step("lapse", earlier, by=by, at=at)
    return _take_step("approve", credential, by=by, at=at)


@transaction.atomic
def refuse(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    return _take_step("refuse", credential, by=by, at=at, why=stated(why))


@transaction.atomic
def suspend(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    """Stop somebody's practice at once. Waits for signatures being given this very moment."""
    credential = selectors.locked_credential(credential)
    require(may_suspend(by), _("只有医务处可以暂停资质。"))
    return _take_step("suspend", credential, by=by, at=at, why=stated(why))


@transaction.atomic
def restore(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    return _take_step("restore", credential, by=by, at=at, why=stated(why))


def _require_another_person(by: User, credential: Credential) -> None:
    require(may_decide(by, credential), _("资质由医务处的另一个人审核，不能是提交人或本人。"))


def _take_step(
    step: str, credential: Credential, *, by: User, at: datetime, why: str = ""
) -> Credential:
    """Move along the lifecycle, say so in the audit trail and to the holder, or do nothing."""
    before = credential.state
    credential.state = LIFECYCLE.after(before, step)
    credential.decided_at, credential.decided_by, credential.why = at, by, why
    credential.save()
    event = audit.record(
        f"credential.{step}",
        by=by,
        on=credential,
        at=at,
        before=before,
        after=credential.state,
        clinician=credential.clinician.public_id.hex,
    )
    tell(credential, step, at=at, cause=event.pk)
    return credential
