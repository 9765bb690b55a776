"""The HIS's own catalogues: diagnoses, medicines with stock and price, departments."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Diagnosis:
    icd10: str
    name: str
    department: str
    medicines: tuple[str, ...]


@dataclass(frozen=True)
class Medicine:
    code: str
    name: str
    atc: str
    form: str
    strength: str
    dose: str
    dose_unit: str
    frequency: str
    price: str
    stock: int


@dataclass(frozen=True)
class Department:
    name: str
    subject_code: str
    doctors: tuple[str, ...]


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


DIAGNOSES = {
    row["icd10"]: Diagnosis(
        row["icd10"], row["name"], row["department"], _several(row["medicines"])
    )
    for row in _rows("diagnoses.csv")
}

MEDICINES = {
    row["name"]: Medicine(
        row["code"],
        row["name"],
        row["atc"],
        row["form"],
        row["strength"] + row["strength_unit"],
        row["dose"],
        row["dose_unit"],
        row["frequency"],
        row["price"],
        int(row["stock"]),
    )
    for row in _rows("medicines.csv")
}

DEPARTMENTS = {
    row["name"]: Department(row["name"], row["subject_code"], _several(row["doctors"]))
    for row in _rows("departments.csv")
}
