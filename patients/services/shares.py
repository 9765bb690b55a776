"""The patient lets one doctor read the record, or agrees that a colleague is consulted (会诊).

What stands is a row of guardian's (`RecordGrant`); what was agreed is the `Share` behind it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from audit.models import Event
from hospital.accounts.models import User
from hospital.kernel.normalise import prose, whole
from hospital.kernel.refusals import Refused, WrongState, require
from patients import selectors
from patients.lifecycle import SHARE, ShareState
from patients.models import Patient, RecordGrant, Share
from patients.models.shares import LONGEST
from patients.permissions import may_let_in
from patients.services import telling

MOST = 200  # in one sweep


@transaction.atomic
def share(patient: Patient, *, doctor: UUID, days: int, by: User, at: datetime) -> Share:
    """Let one doctor read the record for so many days (1–180); the doctor hears of it."""
    patient = selectors.locked(patient)
    _require_near(by, patient)
    made = _make(
        patient,
        kind=Share.Kind.SHARED,
        doctor=_doctor(doctor),
        until=at + timedelta(days=whole(days, low=1, high=LONGEST.days)),
        agreed_at=at,
        agreed_by=by,
        by=by,
        at=at,
    )
    _give(made)
    event = _record("give", made, by=by, at=at, days=days)
    telling.of_a_share(made, cause=event.pk, at=at)
    return made


@transaction.atomic
def ask_consult(
    patient: Patient,
    *,
    doctor: UUID,
    stream: UUID,
    until: datetime,
    why: str,
    by: User,
    at: datetime,
) -> Share:
    """Ask the patient whether a colleague may read the record for a 会诊 of this visit.

    For the room that knows that `by` treats the patient in `stream`, which it holds locked; the
    colleague sees nothing before the patient has agreed.
    """
    patient = selectors.locked(patient)
    colleague = _doctor(doctor)
    if colleague.pk == by.pk:
        raise Refused(_("会诊请邀请另一位医生。"), code="not-oneself")
    made = _make(
        patient,
        kind=Share.Kind.CONSULT,
        state=ShareState.ASKED,
        doctor=colleague,
        stream=stream,
        why=prose(why, limit=200),
        until=until,
        by=by,
        at=at,
    )
    event = _record("ask", made, by=by, at=at)
    telling.of_a_question(made, cause=event.pk, at=at)
    return made


@transaction.atomic
def agree_to_share(share: Share, *, by: User, at: datetime) -> Share:
    share = selectors.locked_share(share)
    _require_near(by, share.patient)
    share.agreed_at, share.agreed_by = at, by
    event = _step("agree", share, by=by, at=at, changed=("agreed_at", "agreed_by"))
    _give(share)
    telling.of_a_share(share, cause=event.pk, at=at)
    return share


@transaction.atomic
def decline_share(share: Share, *, by: User, at: datetime) -> Share:
    share = selectors.locked_share(share)
    _require_near(by, share.patient)
    share.ended_at = at
    event = _step("decline", share, by=by, at=at, changed=("ended_at",))
    telling.of_a_no(share, cause=event.pk, at=at)
    return share


@transaction.atomic
def end_share(share: Share, *, by: User, at: datetime) -> Share:
    """Take it back, at once: the doctor's next request finds no such record. Again is no harm."""
    share = selectors.locked_share(share)
    _require_near(by, share.patient)
    return share if share.state == ShareState.ENDED else _over(share, by=by, at=at, why="asked")


def end_consults(stream: UUID, *, at: datetime) -> int:
    """The visit is over, and with it its 会诊. In the caller's transaction."""
    rows = selectors.shares_of_stream(stream).select_related("patient")
    found = list(rows.select_for_update(of=("self",)))
    return len([_over(each, by=None, at=at, why="visit") for each in found])


@transaction.atomic
def sweep_shares(*, at: datetime) -> int:
    """End what is over by time. It let nobody in any more already."""
    rows = selectors.shares_to_end(at).select_related("patient")
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:MOST])
    return len([_over(each, by=None, at=at, why="time") for each in found])


def _require_near(by: User, patient: Patient) -> None:
    require(may_let_in(by, patient), _("共享病历由患者本人或监护人决定。"))


def _doctor(public_id: UUID) -> User:
    doctor = selectors.doctor_of(public_id)
    if doctor is None:
        raise Refused(_("这位医生现在不能接诊，请选另一位。"), code="doctor-unknown")
    return doctor


def _make(patient: Patient, *, doctor: User, by: User, at: datetime, **told: Any) -> Share:
    alive = Share.objects.filter(patient=patient, doctor=doctor, state__in=selectors.ALIVE)
    for each in alive.select_for_update():
        if each.until > at:
            raise WrongState(
                _("病历已经共享给这位医生，或正在等您同意。请看“共享病历”里的记录。"),
                code="shared-already",
            )
        _over(each, by=None, at=at, why="time")
    return Share.objects.create(patient=patient, doctor=doctor, asked_by=by, asked_at=at, **told)


def _give(share: Share) -> None:
    permission = Permission.objects.get(
        content_type__app_label="patients", content_type__model="patient", codename="view_record"
    )
    RecordGrant.objects.create(
        user=share.doctor,
        permission=permission,
        content_object=share.patient,
        share=share,
        until=share.until,
    )


def _over(share: Share, *, by: User | None, at: datetime, why: str) -> Share:
    RecordGrant.objects.filter(share=share).delete()
    share.ended_at = at
    step = "end" if share.state == ShareState.STANDING else "lapse"
    _step(step, share, by=by, at=at, changed=("ended_at",), why=why)
    return share


def _step(
    step: str,
    share: Share,
    *,
    by: User | None,
    at: datetime,
    changed: tuple[str, ...],
    **facts: Any,
) -> Event:
    before = share.state
    share.state = SHARE.after(before, step)
    share.save(update_fields=["state", *changed])
    return _record(step, share, by=by, at=at, before=before, after=share.state, **facts)


def _record(step: str, share: Share, *, by: User | None, at: datetime, **facts: Any) -> Event:
    return audit.record(
        f"share.{step}",
        by=by,
        on=share,
        about=share.patient.public_id,
        stream=share.stream,
        at=at,
        doctor=str(share.doctor.public_id),
        what=share.kind,
        **facts,
    )
