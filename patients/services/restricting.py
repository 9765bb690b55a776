"""限制: a record that no account reaches is stored and nothing else (个人信息保护法 第四十七条)."""

from datetime import datetime

from audit import services as audit
from hospital.accounts.models import User
from patients import selectors
from patients.models import Patient
from patients.services import consents, exports


def restrict(patient: Patient, *, by: User, at: datetime) -> None:
    """Lock a record away; in the caller's transaction, under the patient's lock."""
    consents.take_back_all(patient, by=by, at=at)
    exports.end_exports_of(patient, at=at)
    patient.restricted_at = at
    patient.retain_until = selectors.retained_until(patient, at)
    patient.phone = None
    patient.save(update_fields=["restricted_at", "retain_until", "phone"])
    audit.record(
        "patient.restrict",
        by=by,
        on=patient,
        about=patient.public_id,
        at=at,
        until=patient.retain_until.isoformat(),
    )


def lift(patient: Patient, *, by: User, at: datetime) -> None:
    """The same person is back, or a child's guardian, and the hospital bears it out.

    The record is open again, consents are asked anew. Under the patient's lock.
    """
    patient.restricted_at, patient.retain_until = None, None
    patient.save(update_fields=["restricted_at", "retain_until"])
    audit.record("patient.unrestrict", by=by, on=patient, about=patient.public_id, at=at)
