"""One frozen record for each row of the reference tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Row = Mapping[str, str]


def parts(text: str) -> tuple[str, ...]:
    """The parts of a field whose inner separator is a semicolon."""
    return tuple(part for part in text.split(";") if part)


def months(years: str) -> int | None:
    """A minimum age given in years, in whole months; a blank field is no limit."""
    return round(Decimal(years) * 12) if years else None


@dataclass(frozen=True, slots=True)
class Interaction:
    """A pair of ATC prefixes that harm each other; their order means nothing."""

    one: str
    other: str
    severity: str  # contraindicated | major | moderate
    mechanism: str
    advice: str

    @classmethod
    def of(cls, row: Row) -> "Interaction":
        return cls(row["atc_a"], row["atc_b"], row["severity"], row["mechanism"], row["advice"])


@dataclass(frozen=True, slots=True)
class Contraindication:
    """A state of the patient in which medicines under `prefix` do harm."""

    kind: str  # age_below, pregnancy, egfr_below, diagnosis_prefix …
    prefix: str
    threshold: str  # an age, a filtration rate or an ICD prefix, as the kind has it
    action: str  # block | warn
    note: str

    @classmethod
    def of(cls, row: Row) -> "Contraindication":
        threshold = row["threshold_or_icd"]
        return cls(row["type"], row["atc_prefix"], threshold, row["action"], row["note"])

    @property
    def months(self) -> int:
        return months(self.threshold) or 0

    @property
    def limit(self) -> Decimal:
        return Decimal(self.threshold)


@dataclass(frozen=True, slots=True)
class AllergyGroup:
    code: str
    name: str
    prefixes: tuple[str, ...]
    crosses_to: str  # the group that a reaction may carry over to
    cross_action: str  # block | warn

    @classmethod
    def of(cls, row: Row) -> "AllergyGroup":
        prefixes = parts(row["atc_prefixes"])
        return cls(
            row["group_code"], row["group_zh"], prefixes, row["cross_group"], row["cross_action"]
        )


@dataclass(frozen=True, slots=True)
class Substance:
    """A controlled substance, and the day from which it has been one."""

    name: str
    name_en: str
    atc: str
    control_class: str
    since: date | None  # None: always

    @classmethod
    def of(cls, row: Row) -> "Substance":
        since = date.fromisoformat(row["in_force"]) if row["in_force"] else None
        return cls(row["name_zh"], row["name_en"], row["atc"], row["class"], since)


@dataclass(frozen=True, slots=True)
class Banned:
    """One entry of the list of medicines that may not be sold on the net."""

    name: str
    code: str  # empty where the list has only a name
    is_class: bool  # a whole class, not single-ingredient products only

    @classmethod
    def of(cls, row: Row) -> Iterator["Banned"]:
        if row["kind"] != "dosage_form":
            for code in parts(row["atc"]) or ("",):
                yield cls(row["name_zh"], code, row["kind"] == "class")
