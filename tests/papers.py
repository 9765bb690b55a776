"""Papers of other hospitals for tests, handed in and judged by the services that people use."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from doctors.models import Clinician, Department
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from patients import services
from patients.models import Evidence, Patient
from tests.conftest import NOON

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(name: str = "a.png") -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (60, 80), "white").save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


def pdf(name: str = "小结.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


class Overtaken(SimpleUploadedFile):
    """A scan that takes so long to be looked at that somebody does `work` meanwhile."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__("小结.pdf", PDF, content_type="application/pdf")
        self._left = [work]

    def read(self, *size: int) -> bytes:
        if self._left:
            self._left.pop()()
        return self.file.read(*size)


def code_of(department: str) -> str:
    return Department.objects.get(name=department).code


def handed_in(
    user: User, patient: Patient, *, department: str = "心血管内科", at: datetime = NOON, **more
) -> Evidence:
    told = {"kind": "outpatient_record", "uploads": [picture()]} | more
    return services.submit_evidence(patient, department=code_of(department), by=user, at=at, **told)


def confirmed(
    paper: Evidence, doctor: Clinician | User, *, at: datetime = NOON, days: int = 30, **more
) -> Evidence:
    by = doctor.user if isinstance(doctor, Clinician) else doctor
    return services.confirm_evidence(paper, by=by, at=at, **read(at=at, days=days, **more))


def read(*, at: datetime = NOON, days: int = 30, **more) -> dict[str, object]:
    """What a reviewer reads in a paper."""
    day: date = local_date(at) - timedelta(days=days)
    return {"code": "I10", "institution": "海淀医院", "visited_on": day} | more
