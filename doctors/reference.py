"""Loads the departments."""

import csv
from datetime import datetime
from pathlib import Path

from doctors.models import Department
from doctors.pinyin import initials_of

DEPARTMENTS = Path(__file__).parent / "data" / "departments.csv"


def load(_at: datetime) -> str:
    """Make the departments what the file says, known by their code. None is ever removed."""
    with DEPARTMENTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    Department.objects.bulk_create(
        [
            Department(**row, initials=initials_of(row["name"]), order=place)
            for place, row in enumerate(rows)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "subject_code", "initials", "order"],
    )
    return f"{len(rows)} departments"
