"""A doctor accepts, declines, closes, or sends the patient offline."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.consultations import endings, reasons, selectors
from hospital.consultations.lifecycle import LIFECYCLE, State
from hospital.consultations.models import Consultation
from hospital.consultations.permissions import may_attend
from hospital.consultations.services import paying, telling
from hospital.consultations.services.admitting import admit
from hospital.consultations.services.practising import require_practice_of
from hospital.consultations.services.steps import end, take_step
from hospital.consultations.services.talking import mark
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, require
from patients import services as records


@transaction.atomic
def accept(
    consultation: Consultation, *, by: Any, at: datetime, specialist_present: bool = False
) -> Consultation:
    """Begin to attend: in person, freshly verified, and only where the law still allows it.

    Refuses with `identity-stale` where the doctor must prove themselves again (R-13).
    """
    consultation = selectors.locked(consultation)
    require(may_attend(by, consultation), _("只有患者选的医生可以处理这次问诊。"))
    LIFECYCLE.after(consultation.state, "accept")
    admission = admit(
        consultation, consultation.doctor, by=by, at=at, specialist_present=specialist_present
    )
    consultation.accepted_at, consultation.open_until = at, admission.open_until
    consultation.verification = admission.verification
    consultation.specialist_present = admission.specialist_present
    changed = ("accepted_at", "open_until", "verification", "specialist_present")
    event = take_step("accept", consultation, by=by, at=at, changed=changed)
    mark(consultation, "accept", at=at)
    telling.patient_of("accept", consultation, cause=event.pk, at=at)
    return consultation


def _require_its_doctor(by: Any, consultation: Consultation, *, at: datetime) -> None:
    """In person and licensed: a suspension that is first is waited for and then obeyed."""
    require(may_attend(by, consultation), _("只有患者选的医生可以处理这次问诊。"))
    require_practice_of(consultation.doctor, at=at)


@transaction.atomic
def decline(
    consultation: Consultation, *, reason: str, by: Any, at: datetime, note: str = ""
) -> Consultation:
    """Not take it on, for a reason of the catalogue; the patient gets the whole fee back."""
    consultation = selectors.locked(consultation)
    _require_its_doctor(by, consultation, at=at)
    code = reasons.named(reasons.DECLINE, reason).code
    event = end("decline", consultation, by=by, at=at, reason=code, note=_note(note))
    paying.give_back(consultation, reason="declined", by=by, at=at)
    telling.patient_of("decline", consultation, cause=event.pk, at=at)
    return consultation


@transaction.atomic
def close(consultation: Consultation, *, by: Any, at: datetime) -> Consultation:
    """End it in the ordinary way; it stands in the health record from now on."""
    consultation = selectors.locked(consultation)
    _require_its_doctor(by, consultation, at=at)
    return _close(consultation, by=by, at=at, reason="")


@transaction.atomic
def run_out(consultation: Consultation, *, at: datetime) -> bool:
    """The agreed hours are over: closed by the platform.

    Never where nobody attends it: that is taken over or given back (`handing`).
    """
    consultation = selectors.locked(consultation)
    until = consultation.open_until
    if consultation.state != State.OPEN or until is None or until > at:
        return False
    if selectors.open_handover(consultation) is not None:
        return False
    if not selectors.holds_practice(consultation.doctor, at):
        return False
    _close(consultation, by=None, at=at, reason="time")
    return True


def _close(consultation: Consultation, *, by: Any, at: datetime, reason: str) -> Consultation:
    event = end("close", consultation, by=by, at=at, reason=reason)
    _into_the_record(consultation, at=at)
    mark(consultation, "close", at=at)
    telling.patient_of("close", consultation, cause=event.pk, at=at)
    return consultation


@transaction.atomic
def refer(
    consultation: Consultation, *, reason: str, by: Any, at: datetime, note: str = ""
) -> Consultation:
    """Terminate, because it must not go on online (R-04): guide offline, give the fee back.

    Rooms above are told in this very transaction, so that nothing prescribed in it stays valid.
    """
    consultation = selectors.locked(consultation)
    _require_its_doctor(by, consultation, at=at)
    code = reasons.named(reasons.REFER, reason).code
    words = _note(note)
    if code == "other" and not words:
        raise Refused(_("选“其他”时请写明原因，患者会看到。"), code="note-needed")
    _refer(consultation, "refer", by=by, at=at, code=code, note=words)
    return consultation


def leave_offline(consultation: Consultation, code: str, *, by: Any, at: datetime) -> None:
    """Terminate a visit that nobody attends any more. The caller holds it and says why."""
    _refer(consultation, code, by=by, at=at, code=code)


def _refer(
    consultation: Consultation, words: str, *, by: Any, at: datetime, code: str, note: str = ""
) -> None:
    event = end("refer", consultation, by=by, at=at, reason=code, note=note)
    endings.tell(consultation, at)
    paying.give_back(consultation, reason="referred", by=by, at=at)
    _into_the_record(consultation, at=at)
    mark(consultation, words, at=at)
    telling.patient_of(words, consultation, cause=event.pk, at=at)


@transaction.atomic
def lapse(consultation: Consultation, *, at: datetime) -> bool:
    """The doctor let the deadline pass: everything back, and the patient is told."""
    consultation = selectors.locked(consultation)
    until = consultation.accept_by
    if consultation.state != State.WAITING or until is None or until > at:
        return False
    event = end("lapse", consultation, by=None, at=at)
    paying.give_back(consultation, reason="lapsed", by=None, at=at)
    telling.patient_of("lapse", consultation, cause=event.pk, at=at)
    return True


def _note(text: str) -> str:
    return prose(text, limit=300)


def _into_the_record(consultation: Consultation, *, at: datetime) -> None:
    records.note_visit(
        consultation.patient,
        visit=consultation.public_id,
        at=at,
        department=consultation.doctor.department.name,
        doctor=consultation.doctor.name,
        diagnoses=consultation.diagnoses,
        outcome=consultation.state,
    )
