"""One line of a report as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from hospital.his.models import Observation
from patients.reports import explaining
from patients.reports.explaining import Explanation
from patients.reports.trend import flag_of, plain, reference


@dataclass(frozen=True)
class Item:
    row: Observation
    said: str  # the value, or the words
    flag: str  # high | low | abnormal | empty
    reference: str
    explanation: Explanation | None

    @property
    def is_number(self) -> bool:
        return self.row.value is not None


def items_of(rows: Iterable[Observation]) -> list[Item]:
    return [item_of(row) for row in rows]


def item_of(row: Observation) -> Item:
    flag = flag_of(row)
    return Item(
        row=row,
        said=plain(row.value) if row.value is not None else row.text or "",
        flag=flag,
        reference=reference(row.low, row.high) or row.expected or "",
        explanation=explaining.of(row.code, flag),
    )
