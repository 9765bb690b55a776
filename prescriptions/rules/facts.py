"""Everything the rules may know: one proposal to prescribe, whole and frozen.

It is built from a decision case or from rows of the database; the rules cannot tell which.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from hospital.kernel.calendar import full_months, full_years, local_date
from prescriptions.formulary import Medicine, formulary
from prescriptions.rules.people import CurrentMedicine, Doctor, Patient, Visit
from prescriptions.rules.policy import Policy
from prescriptions.rules.terms import Fulfilment, Kind


class UnknownDrug(LookupError):
    """A line names something that the formulary does not have."""


@dataclass(frozen=True)
class Line:
    drug: str
    dose: Decimal | None = None
    dose_unit: str = ""  # empty: the drug's own
    frequency: str = "qd"
    days: int = 7
    kind: Kind = Kind.WESTERN
    strength: Decimal | None = None  # picks one where a name has several

    def find(self) -> Medicine:
        if self.kind is Kind.HERBAL:
            return formulary().herb(self.drug)
        medicine = formulary().find(self.drug, self.strength)
        if medicine is None:
            raise UnknownDrug(self.drug)
        return medicine


@dataclass(frozen=True)
class Item:
    """A line with its place on the prescription and what the formulary says about it."""

    index: int
    line: Line
    medicine: Medicine


@dataclass(frozen=True)
class Proposal:
    at: datetime
    patient: Patient
    visit: Visit
    doctor: Doctor
    lines: tuple[Line, ...]
    reason: str = ""
    second_signature: bool = False
    long_term_evaluation: bool = False
    patient_confirmed_long_term: bool = False
    extension_days: int = 0
    policy: Policy = field(default_factory=Policy)
    fulfilment: Fulfilment = Fulfilment.HOSPITAL_PHARMACY

    @cached_property
    def today(self) -> date:
        return local_date(self.at)

    @cached_property
    def age(self) -> int:
        return full_years(self.patient.birth_date, self.today)

    @cached_property
    def age_months(self) -> int:
        return full_months(self.patient.birth_date, self.today)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(Item(n, line, line.find()) for n, line in enumerate(self.lines))

    @cached_property
    def drugs(self) -> tuple[Item, ...]:
        """The lines from the catalogue, about which more than the class is known."""
        return tuple(item for item in self.items if item.medicine.is_drug)

    @cached_property
    def has_chronic_disease(self) -> bool:
        return any(map(formulary().diagnoses.is_chronic, self.visit.diagnoses))

    @property
    def has_reason(self) -> bool:
        return bool(self.reason.strip())

    @property
    def is_answered(self) -> bool:
        """A written reason and the doctor's second signature together."""
        return self.has_reason and self.second_signature

    def pairs(self) -> Iterator[tuple[Item, Item]]:
        return combinations(self.drugs, 2)

    def against_current(self) -> Iterator[tuple[Item, CurrentMedicine, Medicine]]:
        """Each line with each known medicine that the patient takes or has taken."""
        for current in self.patient.current_medicines:
            if medicine := current.medicine:
                for item in self.drugs:
                    yield item, current, medicine


def plain(number: Fraction | Decimal) -> int | float:
    """A number as evidence shows it."""
    return int(number) if number == int(number) else round(float(number), 6)
