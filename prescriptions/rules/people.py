"""Facts about the patient, the visit and the doctor, as they stand at the moment of signing."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from prescriptions.formulary import Allergen, Medicine, formulary
from prescriptions.rules.terms import (
    EvidenceKind,
    Hospital,
    Liver,
    Pregnancy,
    Reaction,
    Right,
    Sex,
    Title,
    VisitKind,
    VisitState,
)

_RIGHT_BY_TITLE = {
    Title.RESIDENT: Right.UNRESTRICTED,
    Title.ATTENDING: Right.RESTRICTED,
    Title.ASSOCIATE_CHIEF: Right.SPECIAL,
    Title.CHIEF: Right.SPECIAL,
}


def in_months(years: Decimal) -> int:
    """Years of practice in whole months, to the nearest one."""
    return int((years * 12).to_integral_value(ROUND_HALF_UP))


@dataclass(frozen=True)
class Allergy:
    to: str  # a medicine, a group, or a group's code
    reaction: Reaction

    @cached_property
    def allergen(self) -> Allergen | None:
        return formulary().allergen(self.to)


@dataclass(frozen=True)
class CurrentMedicine:
    drug: str  # a generic name or an ATC code
    days_left: int | None = None  # None: still taken; below zero: days since stopped

    @cached_property
    def medicine(self) -> Medicine | None:
        return formulary().taken(self.drug)

    @property
    def is_taken(self) -> bool:
        return self.days_left is None or self.days_left >= 0

    @property
    def days_since_stopped(self) -> int:
        return 0 if self.days_left is None else max(-self.days_left, 0)


@dataclass(frozen=True)
class Patient:
    birth_date: date
    sex: Sex
    weight_kg: Decimal | None = None
    pregnancy: Pregnancy = Pregnancy.NO
    lactating: bool = False
    egfr: Decimal | None = None  # None: not known
    liver: Liver = Liver.NORMAL
    allergies: tuple[Allergy, ...] = ()
    allergies_known: bool = True  # somebody asked, whatever the answer was
    current_medicines: tuple[CurrentMedicine, ...] = ()
    real_name: bool = True
    consent_current: bool = True
    guardian_verified: bool = False
    guardian_present: bool = False
    specialist_with_child: bool = False


@dataclass(frozen=True)
class Evidence:
    """A document of a physical institution that made the diagnosis."""

    diagnosis: str
    days_ago: int
    kind: EvidenceKind = EvidenceKind.OUTPATIENT_RECORD
    hospital: Hospital = Hospital.OWN
    department: str = ""  # that made it here
    read_by: str = ""  # of another hospital's paper: the code of the department that read it here


@dataclass(frozen=True)
class SameDisease:
    """Two diagnoses of different categories that a doctor confirmed to be one disease."""

    first: str
    second: str


@dataclass(frozen=True)
class Visit:
    diagnoses: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    same_diseases: tuple[SameDisease, ...] = ()
    kind: VisitKind = VisitKind.FOLLOWUP
    state: VisitState = VisitState.OPEN


@dataclass(frozen=True)
class Doctor:
    title: Title
    independent_practice_years: Decimal
    identity_verified_minutes_ago: Decimal | None  # None: never verified
    specialty: str = ""  # the name of their department
    department_code: str = ""
    licence_valid: bool = True
    may_prescribe: bool = True  # the hospital's privilege, not the title
    antimicrobial_right: Right | None = None  # None: by title
    is_human: bool = True

    @property
    def right(self) -> Right:
        return self.antimicrobial_right or _RIGHT_BY_TITLE[self.title]
