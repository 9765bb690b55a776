"""How an import reads: what its rows say, before it runs; how far it has come; what failed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from doctors import licences, selectors
from doctors.lifecycle import ROW, ImportState, RowState
from doctors.models import Import, ImportRow
from doctors.sheets import SHEETS
from hospital.kernel.lifecycle import Face

PAGE: Final = 50
_MASKED: Final = {"qualification_no", "practice_no", "id_number"}
_LEFT_OUT: Final = {"intro", "good_at"}


@dataclass(frozen=True)
class Progress:
    """`faces` are the states that any row has come to, with how many."""

    done: int
    rows: int
    faces: Sequence[tuple[Face, int]]
    failed: Sequence[ImportRow]
    goes_on: bool

    @property
    def percent(self) -> int:
        return 100 * self.done // max(self.rows, 1)


def progress_of(sheet: Import) -> Progress:
    counted = selectors.counted(sheet)
    faces = [(ROW.faces[state], n) for state, n in counted.items() if n and state != "waiting"]
    return Progress(
        done=sheet.rows - counted[RowState.WAITING],
        rows=sheet.rows,
        faces=faces,
        failed=list(selectors.failed_rows(sheet)[:PAGE]) if counted[RowState.FAILED] else [],
        goes_on=sheet.state in (ImportState.CONFIRMED, ImportState.RUNNING),
    )


@dataclass(frozen=True)
class Said:
    head: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    next: int  # the row after which the next page begins; 0 on the last


def rows_of(sheet: Import, *, after: str = "") -> Said:
    """What the rows say that wait, a page by their numbers; numbers of certificates masked."""
    columns = [c for c in SHEETS[sheet.kind].columns if c.name not in _LEFT_OUT]
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 8 else 0
    found = list(selectors.waiting_rows(sheet, after=start)[: PAGE + 1])
    rows = [(row.number, [_text(row, c.name) for c in columns]) for row in found[:PAGE]]
    return Said([c.word for c in columns], rows, rows[-1][0] if len(found) > PAGE else 0)


def _text(row: ImportRow, name: str) -> str:
    text = str(row.data.get(name, ""))
    return licences.masked(text) if name in _MASKED and len(text) > 6 else text
