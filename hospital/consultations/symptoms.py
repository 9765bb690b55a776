"""From the word that a person uses for a complaint to the departments that usually see it.

Only to find a department; it says nothing about what somebody has.
"""

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "symptoms.csv"


@cache
def _table() -> dict[str, tuple[str, ...]]:
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return {row["symptom"]: tuple(row["departments"].split(";")) for row in rows}


def departments_for(words: str) -> tuple[str, ...]:
    """The names of departments for the symptoms that occur in `words`, or that they begin."""
    found = [
        names
        for symptom, names in _table().items()
        if words and (symptom in words or words in symptom)
    ]
    return tuple(dict.fromkeys(name for names in found for name in names))
