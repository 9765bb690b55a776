"""A plain sentence for an item out of range, and who says so. Where no source stands, none."""

import csv
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.translation import get_language

from patients.reports.analytes import analyte_of

_TABLE: Final = Path(__file__).parent.parent / "data" / "explanations.csv"


class Explanation(NamedTuple):
    says_zh: str
    says_en: str
    source: str

    @property
    def says(self) -> str:
        return self.says_en if get_language() == "en" else self.says_zh


def of(code: str, flag: str) -> Explanation | None:
    return _table().get((analyte_of(code).key, flag))


@cache
def _table() -> dict[tuple[str, str], Explanation]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {
            (row["analyte"], row["flag"]): Explanation(row["says"], row["says_en"], row["source"])
            for row in csv.DictReader(file)
        }
