"""From the word that a person uses for a complaint to the departments that usually see it.

Only to find a department; it says nothing about what somebody has.
"""

import csv
import re
from functools import cache
from pathlib import Path

from hospital.kernel.pinyin import pattern_of, syllables_of

_FILE = Path(__file__).resolve().parent / "data" / "symptoms.csv"


@cache
def _table() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Each symptom, its syllables, and the departments."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(
            (row["symptom"], syllables_of(row["symptom"]), tuple(row["departments"].split(";")))
            for row in rows
        )


def departments_for(words: str) -> tuple[str, ...]:
    """The names of departments for the symptoms that occur in `words`, or that they begin.

    Also in pinyin, from the second letter on.
    """
    pattern = pattern_of(words) if len(words) > 1 else None
    found = [
        names
        for symptom, syllables, names in _table()
        if words
        and (symptom in words or words in symptom or (pattern and re.match(pattern, syllables)))
    ]
    return tuple(dict.fromkeys(name for names in found for name in names))
