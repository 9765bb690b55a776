"""Makes medicines out of rows: of the catalogue, of the controlled list, or of a bare code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prescriptions.formulary.knowledge import Scholar
from prescriptions.formulary.medicines import CONTROLLED, Knowledge, Medicine
from prescriptions.formulary.rows import Banned, Row, Substance, months

_LISTED_CLASSES = frozenset({"compound_restricted", "doping_peptide", "doping_peptide_anabolic"})
_INSULINS = "A10A"


@dataclass(frozen=True)
class Builder:
    scholar: Scholar

    def drug(self, row: Row) -> Medicine:
        atc, control_class = row["atc"], row["control_class"]
        return Medicine(
            name=row["name_zh"],
            origin="drug",
            known=self.scholar.on(atc),
            name_en=row["name_en"],
            atc=atc,
            form=row["dosage_form"],
            route=row["route"],
            strength=_number(row["strength"]),
            unit=row["unit"],
            usual_dose=_number(row["usual_adult_single_dose"]),
            dose_unit=row["dose_unit"],
            max_daily_dose=_number(row["max_daily_dose"]),
            usual_frequency=row["usual_frequency"],
            minimum_age_months=months(row["pediatric_note"]),
            pregnancy_caution=int(row["pregnancy_caution"]),
            antimicrobial_tier=row["antimicrobial_tier"],
            control_class=control_class,
            controlled_since=self.first_listing(atc, control_class),
            is_chronic_use=row["is_chronic_use"] == "1",
            is_retail_banned=self._is_retail_banned(row),
        )

    def substance(self, row: Substance) -> Medicine:
        listed = row.control_class in CONTROLLED | _LISTED_CLASSES
        return Medicine(
            name=row.name,
            origin="substance",
            known=self.scholar.on(row.atc),
            name_en=row.name_en,
            atc=row.atc,
            control_class=row.control_class,
            controlled_since=self.first_listing(row.atc, row.control_class) or row.since,
            is_retail_banned=listed and not row.atc.startswith(_INSULINS),
        )

    def code(self, atc: str) -> Medicine:
        return Medicine(name=atc, origin="code", known=self.scholar.on(atc), atc=atc)

    def herb(self, name: str, control_class: str = "none") -> Medicine:
        return Medicine(name=name, origin="herb", known=Knowledge(), control_class=control_class)

    def first_listing(self, atc: str, control_class: str) -> date | None:
        """The day it was first controlled: a move between psychotropic classes is no first one."""
        family = control_class.split("_")[0]
        days = [
            row.since
            for row in self.scholar.tables.substances
            if row.atc == atc and row.control_class.split("_")[0] == family and row.since
        ]
        return min(days, default=None) if atc else None

    def _is_retail_banned(self, row: Row) -> bool:
        """On the list of 2022: by name (single ingredients only), by class, or as an injection."""
        atc, tables = row["atc"], self.scholar.tables
        by_form = "injection" in row["dosage_form"] and not atc.startswith("A10")
        by_class = row["control_class"] in CONTROLLED | _LISTED_CLASSES
        for entry in tables.banned:
            if entry.is_class and entry.code and atc.startswith(entry.code):
                return True
            if not entry.is_class and _is_single(row, tables.components) and _named(entry, row):
                return True
        return by_form or by_class


def _named(entry: Banned, row: Row) -> bool:
    return entry.code == row["atc"] if entry.code else entry.name in row["name_zh"]


def _is_single(row: Row, components: Mapping[str, tuple[str, ...]]) -> bool:
    return row["atc"] not in components


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
