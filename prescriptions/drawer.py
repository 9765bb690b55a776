"""The doctor's drawer as a form: lines still being written, and what a button asked for.

A line counts once it is complete; until then it is only drawn again, so that nothing typed is
lost. No field of a line is filled in by itself (R-10): the doctor writes each one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict

from prescriptions import selectors, services
from prescriptions.models import Drug, Line, Prescription
from prescriptions.pharmacy import medicine_of, named
from prescriptions.wording import FREQUENCIES, ROUTES, sig

_DOSE: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
_WHOLE: Final = re.compile(r"[0-9]{1,3}")
_CODE: Final = re.compile(r"[A-Za-z][0-9]{2}(?:\.?[0-9A-Za-z]{1,4})?")
_COLUMNS: Final = ("dose", "frequency", "route", "days", "packs")


@dataclass
class Row:
    """One line as typed."""

    drug: Drug
    dose: str = ""
    frequency: str = ""
    route: str = ""
    days: str = ""
    packs: str = ""
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unit(self) -> str:
        return medicine_of(self.drug).dose_unit or medicine_of(self.drug).unit

    @property
    def has_dose(self) -> bool:
        return not medicine_of(self.drug).goes_without_dose

    @property
    def own_route(self) -> str:
        return self.route or medicine_of(self.drug).route or "oral"

    @property
    def missing(self) -> list[str]:
        """The fields that are still empty or cannot be read."""
        gaps = []
        if self.has_dose and not _DOSE.fullmatch(self.dose):
            gaps.append("dose")
        if self.frequency not in FREQUENCIES:
            gaps.append("frequency")
        if not _WHOLE.fullmatch(self.days) or not 1 <= int(self.days) <= 366:
            gaps.append("days")
        return gaps

    @property
    def is_whole(self) -> bool:
        return not self.missing

    @property
    def wish(self) -> services.Wish:
        packs = int(self.packs) if _WHOLE.fullmatch(self.packs) and int(self.packs) else None
        return services.Wish(
            drug=self.drug,
            frequency=self.frequency,
            days=int(self.days),
            dose=self.amount,
            dose_unit=self.unit if self.amount else "",
            route=self.route if self.route in ROUTES else "",
            packs=packs,
        )

    @property
    def amount(self) -> Decimal | None:
        return Decimal(self.dose) if self.has_dose and _DOSE.fullmatch(self.dose) else None

    @property
    def sig(self) -> str:
        return sig(self.amount, self.unit, self.frequency, self.own_route)

    def provisional(self) -> Line:
        """The line as far as it is known, for the rules; what is missing they say themselves."""
        return Line(
            drug=self.drug,
            dose=self.amount,
            dose_unit=self.unit if self.amount else "",
            frequency=self.frequency if self.frequency in FREQUENCIES else "qd",
            days=int(self.days) if "days" not in self.missing else 1,
            route=self.own_route,
            packs=1,
            price_fen=self.drug.price_fen,
        )


@dataclass
class Written:
    """Everything in the form, as typed."""

    rows: list[Row]
    dx: str
    terms: dict[str, Any]

    @property
    def wishes(self) -> list[services.Wish]:
        return [row.wish for row in self.rows if row.is_whole]

    @property
    def is_whole(self) -> bool:
        return all(row.is_whole for row in self.rows)


def read(data: QueryDict, known: Sequence[dict[str, str]]) -> Written:
    """The form as it was sent; a drug that does not exist is left out."""
    ids = [_uuid(text) for text in data.getlist("drug")]
    drugs = selectors.drugs_by_id(each for each in ids if each)
    columns = {name: data.getlist(name) for name in _COLUMNS}
    rows = []
    for number, public_id in enumerate(ids):
        if public_id is None or public_id not in drugs:
            continue
        dose, frequency, route, days, packs = (_nth(columns[name], number) for name in _COLUMNS)
        rows.append(Row(drugs[public_id], dose, frequency, route, days, packs))
    dx = data.get("dx", "")[:300]
    extension = data.get("extension_days", "")
    terms = {
        "diagnoses": named(_CODE.findall(dx), known),
        "reason": data.get("reason", "")[:500].strip(),
        "long_term_evaluation": "long_term_evaluation" in data,
        "patient_confirmed_long_term": "patient_confirmed_long_term" in data,
    }
    if extension in {"0", "2", "3"}:
        terms["extension_days"] = int(extension)
    return Written(rows, dx, terms)


def written_in(draft: Prescription | None, diagnoses: Sequence[dict[str, str]]) -> Written:
    """The form as a draft fills it; empty but for the diagnoses of the visit without one."""
    if draft is None:
        return Written([], words_of(diagnoses), {"reason": ""})
    terms = {
        "reason": draft.reason,
        "long_term_evaluation": draft.long_term_evaluation,
        "patient_confirmed_long_term": draft.patient_confirmed_long_term,
        "extension_days": draft.extension_days,
    }
    return Written([_row(line) for line in draft.lines.all()], words_of(draft.diagnoses), terms)


def words_of(diagnoses: Sequence[dict[str, str]]) -> str:
    return "；".join(f"{each['code']} {each['name']}" for each in diagnoses)


def _row(line: Line) -> Row:
    return Row(
        line.drug,
        dose="" if line.dose is None else format(line.dose.normalize(), "f"),
        frequency=line.frequency,
        route=line.route,
        days=str(line.days),
        packs=str(line.packs),
    )


def _nth(values: Sequence[str], number: int) -> str:
    return values[number].strip()[:16] if number < len(values) else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
