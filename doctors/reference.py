"""Loads the departments."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Final

from doctors.models import Department
from hospital.kernel.pinyin import syllables_of

DEPARTMENTS = Path(__file__).parent / "data" / "departments.csv"
_FIELDS: Final = ["name", "name_en", "subject_code", "parent", "pinyin", "order"]


def load(_at: datetime) -> str:
    """Make the departments what the file says, known by their code. None is ever removed."""
    with DEPARTMENTS.open(encoding="utf-8", newline="") as lines:
        rows = [row | {"order": place} for place, row in enumerate(csv.DictReader(lines))]
    _load([row for row in rows if not row["parent"]], {})
    _load(
        [row for row in rows if row["parent"]], dict(Department.objects.values_list("code", "pk"))
    )
    return f"{len(rows)} departments"


def _load(rows: list[dict[str, str | int]], known: dict[str, int]) -> None:
    Department.objects.bulk_create(
        [
            Department(
                code=row["code"],
                name=row["name"],
                name_en=row["name_en"],
                subject_code=row["subject_code"],
                parent_id=known[str(row["parent"])] if row["parent"] else None,
                pinyin=syllables_of(str(row["name"])),
                order=row["order"],
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=_FIELDS,
    )
