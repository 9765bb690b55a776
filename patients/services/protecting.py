"""保护名单: colleagues and well-known people; each read of theirs is told to the auditors."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.kernel.normalise import reason
from hospital.kernel.refusals import WrongState, require
from patients import selectors
from patients.models import Patient, Protection
from patients.permissions import may_protect


def protect(patient: Patient, *, by: Any, at: datetime, why: str) -> Patient:
    """From now on every read of this patient's data by staff raises an alarm."""
    return _set(patient, by=by, at=at, why=why, to=True)


def unprotect(patient: Patient, *, by: Any, at: datetime, why: str) -> Patient:
    return _set(patient, by=by, at=at, why=why, to=False)


@transaction.atomic
def _set(patient: Patient, *, by: Any, at: datetime, why: str, to: bool) -> Patient:
    patient = selectors.locked(patient)
    require(may_protect(by), _("受保护名单由医务处管理。"))
    why = reason(why)
    if patient.is_protected == to:
        raise WrongState(_("名单已经是这样，请刷新页面。"), code="protected-already")
    patient.is_protected = to
    patient.save(update_fields=["is_protected"])
    Protection.objects.create(patient=patient, is_protected=to, why=why, by=by, at=at)
    kind = "patient.protect" if to else "patient.unprotect"
    audit.record(kind, by=by, on=patient, about=patient.public_id, at=at)
    return patient
