"""外院病历 that the demonstration begins with: drawn here, handed in and confirmed by services."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile
from fpdf.enums import WrapMode, XPos, YPos

from doctors import selectors as doctors
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date
from patients import services as patients
from patients.booklet import FAMILY, Paper
from patients.models import Patient

_HEAD: Final = "演示用，均为虚构 · demonstration only"


@dataclass(frozen=True)
class OutsidePaper:
    of: str  # the identity number
    department: str  # where they want to be seen
    issued_by: str
    kind: str
    lines: tuple[str, ...]
    code: str = ""  # what was read in it; empty: nobody has looked yet


PAPERS: Final = (
    OutsidePaper(
        of="110108195806170020",
        department="心血管内科",
        issued_by="演示市第一医院",
        kind="discharge_summary",
        lines=("出院诊断：冠状动脉粥样硬化性心脏病", "出院医嘱：规律服药，一个月后复诊。"),
        code="I25.1",
    ),
    OutsidePaper(
        of="110108199002020017",
        department="心血管内科",
        issued_by="演示市第二医院",
        kind="diagnosis_certificate",
        lines=("诊断：原发性高血压", "建议：低盐饮食，规律服药，定期复查。"),
    ),
)


def hand_in(paper: OutsidePaper, patient: Patient, reviewer: User, *, at: datetime) -> None:
    """Once; whoever has handed something in keeps what they have."""
    if patient.papers.exists():
        return
    codes = {each.name: each.code for each in doctors.departments()}
    made = patients.submit_evidence(
        patient,
        kind=paper.kind,
        department=codes[paper.department],
        uploads=[SimpleUploadedFile("病历.pdf", _drawn(paper, patient, at))],
        by=patient.links.get(relation="self").account,
        at=at,
    )
    if paper.code:
        patients.confirm_evidence(
            made,
            code=paper.code,
            institution=paper.issued_by,
            visited_on=local_date(at) - timedelta(days=30),
            by=reviewer,
            at=at,
        )


def _drawn(paper: OutsidePaper, patient: Patient, at: datetime) -> bytes:
    sheet = Paper(_HEAD, at)
    sheet.add_page()
    body = (f"姓名：{patient.name}", *paper.lines)
    for size, words in ((18, paper.issued_by), *((11, line) for line in body)):
        sheet.set_font(FAMILY, size=size)
        sheet.multi_cell(
            0, size * 0.8, words, wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
    return bytes(sheet.output())
