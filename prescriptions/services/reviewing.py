"""The pharmacist reviews: somebody else than the author, over exactly the text that was signed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from doctors import selectors as doctors
from doctors.models import Clinician
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from prescriptions import selectors, signing
from prescriptions.lifecycle import LIFECYCLE
from prescriptions.models import Prescription
from prescriptions.permissions import may_review
from prescriptions.services.steps import step
from prescriptions.services.telling import post, tell_doctor, tell_patient

NOTE = 500  # characters


@transaction.atomic
def approve(prescription: Prescription, *, by: Any, at: datetime, note: str = "") -> Prescription:
    """Let it take effect, with the pharmacist's signature over the same digest."""
    prescription, pharmacist = _held(prescription, "approve", by=by, at=at)
    if prescription.valid_until is None or prescription.valid_until < local_date(at):
        raise WrongState(_("处方已过有效期，请医生重新开具。"), code="expired")
    must_be_authentic(prescription, reviewed=False)
    signature = signing.adapter().sign(pharmacist, prescription.digest, at=at)
    prescription.pharmacist_key = signature.key
    prescription.pharmacist_signature = signature.value
    prescription.reviewed_digest = prescription.digest
    _reviewed(
        "approve",
        prescription,
        pharmacist,
        prose(note, limit=NOTE),
        by=by,
        at=at,
        changed=("pharmacist_key", "pharmacist_signature", "reviewed_digest"),
    )
    post(prescription, gettext_noop("药师审核通过，可以缴费取药"), at=at)
    body = gettext_noop("药师已审核通过，请在 %(day)s 前选择取药方式并缴费。")
    names = {"day": f"{prescription.valid_until:%m-%d}"}
    tell_patient(prescription, gettext_noop("处方审核通过"), body, at=at, names=names)
    return prescription


@transaction.atomic
def send_back(prescription: Prescription, *, note: str, by: Any, at: datetime) -> Prescription:
    """Return it to the doctor, who writes a new version. `note` says why."""
    prescription, pharmacist = _held(prescription, "return", by=by, at=at)
    note = _stated(note)
    _reviewed("return", prescription, pharmacist, note, by=by, at=at)
    post(
        prescription,
        gettext_noop("药师请医生再看一下处方"),
        at=at,
        words=gettext_noop("医生正在修改，请稍等。"),
    )
    tell_doctor(prescription, gettext_noop("处方被药师退回"), note, at=at)
    return prescription


@transaction.atomic
def reject(prescription: Prescription, *, note: str, by: Any, at: datetime) -> Prescription:
    """Refuse it for good: serious irrational use or an error. `note` says why."""
    prescription, pharmacist = _held(prescription, "reject", by=by, at=at)
    note = _stated(note)
    _reviewed("reject", prescription, pharmacist, note, by=by, at=at)
    words = gettext_noop("药师没有通过这张处方，已通知%(doctor)s医生。")
    names = {"doctor": prescription.doctor.name}
    post(prescription, gettext_noop("处方审核未通过"), at=at, words=words, names=names)
    tell_doctor(prescription, gettext_noop("处方审核未通过"), note, at=at)
    tell_patient(prescription, gettext_noop("处方审核未通过"), words, at=at, names=names)
    return prescription


def must_be_authentic(prescription: Prescription, *, reviewed: bool) -> None:
    """Refuse to go on with a text or a signature that is not what was signed."""
    if not selectors.is_authentic(prescription, reviewed=reviewed):
        raise Refused(
            _("电子签名没有通过核验，不能继续。请马上联系信息中心和药剂科。"),
            code="signature-broken",
        )


def _held(
    prescription: Prescription, name: str, *, by: Any, at: datetime
) -> tuple[Prescription, Clinician]:
    """The prescription under lock and the pharmacist, whose licence holds while this lasts."""
    prescription = selectors.locked(prescription)
    pharmacist = doctors.clinician_of(by, "pharmacist")
    allowed = may_review(by, pharmacist, prescription)
    require(allowed, _("审方须由开方医生以外的药师进行。"))
    assert pharmacist is not None
    require(
        doctors.credential_for_share(pharmacist, local_date(at)) is not None,
        _("您的药师资质现在不在有效状态，请联系医务处。"),
        code="credential",
    )
    require(
        doctors.privilege_for_share(pharmacist, "review", local_date(at)) is not None,
        _("您没有生效的审方权限，请联系医务处。"),
        code="privilege",
    )
    LIFECYCLE.after(prescription.state, name)
    return prescription, pharmacist


def _stated(note: str) -> str:
    note = prose(note, limit=NOTE)
    if not note:
        raise Refused(_("请写明理由，医生才知道要改什么。"), code="note-missing")
    return note


def _reviewed(
    name: str,
    prescription: Prescription,
    pharmacist: Clinician,
    note: str,
    *,
    by: Any,
    at: datetime,
    changed: tuple[str, ...] = (),
) -> None:
    prescription.reviewer, prescription.reviewed_at = pharmacist, at
    prescription.review_note = note
    fields = ("reviewer", "reviewed_at", "review_note", *changed)
    step(name, prescription, by=by, at=at, changed=fields, digest=prescription.digest)
