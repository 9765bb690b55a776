"""Turns a workbook into lines of plain cells, in a process of its own.

    python -m doctors.unpacking < list.xlsx

On stdin comes a file that may be anything; out goes a JSON line for each row: its number and its
cells. Formulas are named and never worked out, macros are not looked at. The process has little
memory and time and says little, because a text that stands in the file once may be meant by every
cell. Whatever is no workbook, or too much of one, ends it with an error.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import Any, Final

import openpyxl

MEMORY: Final = 512 * 1024 * 1024  # bytes of addresses
SECONDS: Final = 20  # of the processor
UNPACKED: Final = 64 * 1024 * 1024  # bytes of everything in the archive
SAID: Final = 16 * 1024 * 1024  # characters that come out
MOST_COLUMNS: Final = 40
MOST_ROWS: Final = 5_002  # a head, the longest list, and one more to see that it is too long
LONGEST: Final = 2_001  # characters of a cell: one more than any column takes


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED:
            raise SystemExit(2)
    said = 0
    for number, cells in islice(rows(data), MOST_ROWS):
        line = json.dumps([number, cells], ensure_ascii=True) + "\n"
        said += len(line)
        if said > SAID:
            raise SystemExit(2)
        sys.stdout.write(line)


def rows(data: bytes) -> Iterator[tuple[int, list[list[str]]]]:
    """The rows of the first sheet in which anything stands, as spreadsheets number them.

    A cell is its sort and its text: `text`, `number`, `date`, `formula`, or nothing at all.
    """
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        cells = [_plain(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def _plain(cell: Any) -> list[str]:
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return []
    if cell.data_type in ("f", "e"):
        return ["formula", ""]
    if isinstance(value, bool):
        return ["text", str(value)]
    if isinstance(value, datetime | date):
        return ["date", f"{value:%Y-%m-%d}"]
    if isinstance(value, int | float):
        return ["number", repr(value)]
    return ["text", str(value)[:LONGEST]]


if __name__ == "__main__":
    main()
