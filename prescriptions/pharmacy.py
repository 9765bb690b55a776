"""Where a priced row of the pharmacy meets what the formulary knows about the medicine."""

import csv
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import cache

from prescriptions.formulary import Medicine, formulary
from prescriptions.formulary.diagnoses import plain
from prescriptions.formulary.measures import PER_DAY, base_unit, in_base
from prescriptions.formulary.tables import DATA, read_tables
from prescriptions.models import Drug


def key_of(medicine: Medicine) -> str:
    """Generic name and strength: `苯磺酸氨氯地平片 5mg`; a controlled substance has no strength."""
    if medicine.strength is None:
        return medicine.name
    return f"{medicine.name} {medicine.strength}{medicine.unit}"


@cache
def medicines() -> Mapping[str, Medicine]:
    """Everything that may stand on a line, by key: the catalogue and the controlled substances."""
    book = formulary()
    controlled = (book.find(row.name) for row in read_tables().substances)
    known = (*(each for each in controlled if each is not None), *book.drugs)
    return {key_of(medicine): medicine for medicine in known}


def medicine_of(drug: Drug) -> Medicine:
    return medicines()[drug.key]


@cache
def diagnosis_names() -> Mapping[str, str]:
    """The diseases followed up online, by ICD-10 code."""
    with (DATA / "diagnoses.csv").open(encoding="utf-8", newline="") as file:
        return {row["icd10"]: row["name_zh"] for row in csv.DictReader(file)}


def named(codes: Iterable[str], known: Iterable[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """Codes with their names: those a hospital gave first, then the table's."""
    names = {**diagnosis_names(), **{each["code"]: each["name"] for each in known}}
    written = dict.fromkeys(plain(code) for code in codes if code.strip())
    return [{"code": code, "name": names.get(code, code)} for code in written]


def packs_for(drug: Drug, dose: Decimal | None, unit: str, frequency: str, days: int) -> int:
    """How many packs last for `days`; one where the dose cannot be counted (creams, drops)."""
    medicine = medicine_of(drug)
    if dose is None or medicine.strength is None or medicine.goes_without_dose:
        return 1
    if base_unit(unit or medicine.dose_unit) != base_unit(medicine.unit):
        return 1
    each = in_base(dose, unit or medicine.dose_unit) / in_base(medicine.strength, medicine.unit)
    needed = _whole(each) * PER_DAY.get(frequency, Fraction(1)) * days
    return max(1, _up(needed / drug.pack_size))


def _whole(units: Fraction) -> Fraction:
    """Half a tablet is a half; nobody takes a third."""
    return Fraction(_up(units * 2), 2)


def _up(number: Fraction) -> int:
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return int(exact.to_integral_value(ROUND_CEILING))
