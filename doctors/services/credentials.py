"""A licence is handed in, decided about, suspended, restored.

Two people each time: who hands in never approves, and a restoration is an approval.
"""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import licences, selectors
from doctors.lifecycle import LIFECYCLE, State
from doctors.models import Clinician, Credential
from doctors.news import tell
from doctors.permissions import may_decide, may_submit, may_suspend, may_withdraw
from doctors.services.handing_in import (
    Filing,
    Insurance,
    insured,
    kept,
    know_holder,
    numbers_of,
    registration,
)
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose, reason
from hospital.kernel.refusals import Refused, WrongState, require

_BATCH: Final = 500
_NOT_FILED: Final = Filing()
_NOT_INSURED: Final = Insurance()


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
    subject_code: str = "",
    filing: Filing = _NOT_FILED,
    insurance: Insurance = _NOT_INSURED,
) -> Credential:
    """Hand in a licence for approval. `id_number` is the holder's; once known it is not needed.

    Refuses a certificate that another person has handed in, and never says who.
    """
    clinician = selectors.held_clinician(clinician)
    require(may_submit(by, clinician), _("只能提交自己的资质。"))
    today, is_doctor = local_date(at), clinician.kind == "doctor"
    if independent_since > today or valid_until < today:
        raise Refused(_("请核对日期：独立执业从过去开始，有效期到今天以后。"), code="dates")
    know_holder(clinician, id_number=id_number, qualification_no=qualification_no, by=by, at=at)
    subject = subject_code or clinician.department.subject_code
    credential = kept(
        **numbers_of(clinician, qualification_no, practice_no, today=today),
        **registration(institution, filing, today=today, is_doctor=is_doctor),
        **insured(insurance, today=today),
        clinician=clinician,
        scope=prose(scope, limit=80),
        subject_code=licences.subject_code(subject) if subject else "",
        independent_since=independent_since,
        valid_until=valid_until,
        submitted_at=at,
        submitted_by=by,
    )
    audit.record(
        "credential.submit", by=by, on=credential, at=at, clinician=clinician.public_id.hex
    )
    return credential


@transaction.atomic
def withdraw(credential: Credential, *, by: User, at: datetime) -> Credential:
    """Take back what waits: its holder, or who handed it in for them."""
    credential = selectors.locked_credential(credential)
    hands = (credential.submitted_by_id, credential.clinician.user_id)
    require(may_withdraw(by, hands), _("只有本人或提交人可以撤回。"))
    return _take_step("withdraw", credential, by=by, at=at)


@transaction.atomic
def approve(credential: Credential, *, by: User, at: datetime) -> Credential:
    """Put a licence in force. An earlier one in force lapses; a suspended one is in the way.

    Refuses `credential-lapsed` where its last day has passed since it was handed in.
    """
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    LIFECYCLE.after(credential.state, "approve")
    if credential.ends_on < local_date(at):
        raise WrongState(_("这份资质已经过期，请本人提交新的证书。"), code="credential-lapsed")
    for earlier in credential.clinician.credentials.filter(
        state__in=[State.APPROVED, State.SUSPENDED]
    ).exclude(pk=credential.pk):
        _take_step("lapse", earlier, by=by, at=at)
    return _take_step("approve", credential, by=by, at=at)


@transaction.atomic
def refuse(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    return _take_step("refuse", credential, by=by, at=at, why=reason(why))


@transaction.atomic
def suspend(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    """Stop somebody's practice at once. Waits for signatures being given this very moment."""
    credential = selectors.locked_credential(credential)
    require(may_suspend(by), _("只有医务处可以暂停资质。"))
    return _take_step("suspend", credential, by=by, at=at, why=reason(why))


@transaction.atomic
def restore(credential: Credential, *, by: User, at: datetime, why: str) -> Credential:
    """Lift a suspension. Where its last day has passed meanwhile, it lapses at once."""
    credential = selectors.locked_credential(credential)
    _require_another_person(by, credential)
    restored = _take_step("restore", credential, by=by, at=at, why=reason(why))
    if restored.ends_on < local_date(at):
        return _take_step("lapse", restored, by=None, at=at)
    return restored


def _require_another_person(by: User, credential: Credential) -> None:
    require(may_decide(by, credential), _("资质由医务处的另一个人审核，不能是提交人或本人。"))


def lapse_past(*, at: datetime) -> int:
    """Let those lapse whose last day has passed. They count no more since that day."""
    past = Credential.objects.filter(state=State.APPROVED, ends_on__lt=local_date(at))
    found = list(past.order_by("pk")[:_BATCH])
    return sum(_lapse_if_past(credential, at=at) for credential in found)


@transaction.atomic
def _lapse_if_past(credential: Credential, *, at: datetime) -> bool:
    """Whether it was this call that did."""
    credential = selectors.locked_credential(credential)
    if credential.state != State.APPROVED or credential.ends_on >= local_date(at):
        return False
    _take_step("lapse", credential, by=None, at=at)
    return True


def _take_step(
    step: str, credential: Credential, *, by: User | None, at: datetime, why: str = ""
) -> Credential:
    """Move along the lifecycle, say so in the audit trail and to the holder, or do nothing.

    Where time itself takes the step, who decided last stays named.
    """
    before = credential.state
    credential.state = LIFECYCLE.after(before, step)
    if by is not None:
        credential.decided_at, credential.decided_by, credential.why = at, by, why
    credential.save(update_fields=["state", "decided_at", "decided_by", "why"])
    event = audit.record(
        f"credential.{step}",
        by=by,
        on=credential,
        at=at,
        before=before,
        after=credential.state,
        clinician=credential.clinician.public_id.hex,
    )
    if step != "lapse" or by is None:
        tell(credential, step, at=at, cause=event.pk)
    return credential
