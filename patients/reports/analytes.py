"""Which codes measure the same thing, and what is needed to convert their units.

LOINC gives a result in moles another code than one in grams: creatinine in µmol/L and in mg/dL
are two codes and one analyte. A code that is not listed is an analyte of its own.
"""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

_TABLE: Final = Path(__file__).parent.parent / "data" / "analytes.csv"


class Analyte(NamedTuple):
    key: str
    grams_per_mole: Decimal | None = None
    valence: int | None = None
    is_enzyme: bool = False  # its U is one IU, and there are 60 000 000 to the katal
    also_called: tuple[str, ...] = ()


def analyte_of(code: str) -> Analyte:
    return _table().get(code) or Analyte(code)


def codes_like(code: str) -> list[str]:
    """All codes of the analyte that `code` measures, itself among them."""
    key = analyte_of(code).key
    return [each for each, known in _table().items() if known.key == key] or [code]


@cache
def _table() -> dict[str, Analyte]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _analyte(row) for row in csv.DictReader(file)}


def _analyte(row: dict[str, str]) -> Analyte:
    return Analyte(
        row["analyte"],
        Decimal(row["grams_per_mole"]) if row["grams_per_mole"] else None,
        int(row["valence"]) if row["valence"] else None,
        row["is_enzyme"] == "yes",
        tuple(row["also_called"].split()),
    )
