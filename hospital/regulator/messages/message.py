"""One message before it has a number, and the words that all schemas share."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from doctors.models import Clinician
from hospital.kernel.calendar import BEIJING
from patients.models import Patient

ID_CARD: Final = "01"  # 证件类型代码: 居民身份证


@dataclass(frozen=True)
class Message:
    biz_id: str
    payload: dict[str, Any]
    op: str = "UPSERT"


def written(at: datetime | None) -> str:
    """A moment as the interface writes it, in Beijing time; empty where there was none."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds") if at else ""


def person(patient: Patient) -> dict[str, Any]:
    return {
        "name": patient.name,
        "id_type": ID_CARD,
        "id_no": patient.id_number,
        "sex": patient.sex,
        "birth_date": str(patient.birth_date),
    }


def practitioner(clinician: Clinician) -> dict[str, Any]:
    return {
        "staff_no": str(clinician.public_id),
        "name": clinician.name,
        "title": clinician.title,
        "dept": clinician.department.name,
        "subject_code": clinician.department.subject_code,
    }
