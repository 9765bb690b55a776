"""The text that doctor and pharmacist sign: everything a prescription says, in one canonical form.

It stands in the row exactly as it was signed; whoever wants to know what was signed reads it
there and nowhere else.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from hospital.kernel.canonical import canonical
from prescriptions.models import Line, Prescription

FORM = "prescription/1"  # changes whenever the meaning of a field does


def text_of(
    prescription: Prescription, lines: Sequence[Line], *, signed_at: datetime, valid_until: date
) -> str:
    """The canonical JSON of a prescription about to be signed."""
    patient, doctor = prescription.patient, prescription.doctor
    return canonical(
        {
            "form": FORM,
            "number": prescription.number,
            "version": prescription.version,
            "hospital": settings.HOSPITAL_NAME,
            "visit": prescription.consultation.public_id,
            "kind": prescription.kind,
            "patient": {
                "id": patient.public_id,
                "name": patient.name,
                "sex": patient.sex,
                "birth_date": patient.birth_date,
                "weight_kg": patient.weight_kg,
            },
            "doctor": {
                "id": doctor.public_id,
                "name": doctor.name,
                "title": doctor.title,
                "department": doctor.department.name,
            },
            "diagnoses": prescription.diagnoses,
            "lines": [_line(line) for line in lines],
            "reason": prescription.reason,
            "second_signature": prescription.second_signature,
            "long_term_evaluation": prescription.long_term_evaluation,
            "patient_confirmed_long_term": prescription.patient_confirmed_long_term,
            "extension_days": prescription.extension_days,
            "amount_fen": prescription.amount_fen,
            "signed_at": signed_at,
            "valid_until": valid_until,
        }
    )


def _line(line: Line) -> dict[str, Any]:
    return {
        "drug": line.drug.key,
        "pack": line.drug.pack,
        "dose": line.dose,
        "dose_unit": line.dose_unit,
        "frequency": line.frequency,
        "route": line.route,
        "days": line.days,
        "packs": line.packs,
        "price_fen": line.price_fen,
    }


def digest_of(text: str) -> str:
    """SHA-256 over the text as it stands, in hex: this is what is signed."""
    return hashlib.sha256(text.encode()).hexdigest()


def says(prescription: Prescription) -> dict[str, Any]:
    """What was signed, read back from the text itself."""
    told: dict[str, Any] = json.loads(prescription.text)
    return told
