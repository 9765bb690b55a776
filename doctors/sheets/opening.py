"""Opens a file that somebody calls a list. What is none is refused with a sentence."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 40
PATIENCE: Final = 60  # seconds; the process has less processor time than that
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "gb18030")
_MAY_STAND = {"\t", "\n", "\r"}


@dataclass(frozen=True)
class Cell:
    sort: str  # text | number | date | formula, or "" where nothing stands
    text: str


@dataclass(frozen=True)
class Line:
    number: int  # as the spreadsheet counts, the head being the first
    cells: tuple[Cell, ...]


def require_size(size: int) -> None:
    if size > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise Refused(_("文件太大了，最多 %(most)s MB。") % {"most": most}, code="sheet-too-large")


def opened(data: bytes) -> list[Line]:
    """The rows in which anything stands, the head first.

    Refuses what is too large (`sheet-too-large`) and what is no list (`sheet-malformed`).
    """
    require_size(len(data))
    if data.startswith(_OLD_WORKBOOK):
        raise Refused(
            _("这是旧版的 Excel 文件。请另存为 .xlsx 或 CSV，再上传。"), code="sheet-malformed"
        )
    found = _unpacked(data) if data.startswith(_WORKBOOK) else _from_text(data)
    lines = list(found)
    if len(lines) > MOST_ROWS + 1:
        raise Refused(
            _("一次最多 %(most)s 行，请分成几份。") % {"most": MOST_ROWS}, code="sheet-too-large"
        )
    if len(lines) < 2:
        raise Refused(_("表里没有数据：第一行是表头，从第二行起一人一行。"), code="sheet-empty")
    return lines


def _unpacked(data: bytes) -> Iterable[Line]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "doctors.unpacking"],
            cwd=settings.BASE_DIR,
            env={"PATH": ""},
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise _none() from error
    for row in done.stdout.splitlines():
        number, cells = json.loads(row)
        yield Line(number, tuple(Cell(*each) if each else Cell("", "") for each in cells))


def _from_text(data: bytes) -> Iterable[Line]:
    text = _decoded(data)
    head = text.partition("\n")[0]
    delimiter = max(",;\t，", key=head.count)
    try:
        for number, row in enumerate(
            csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1
        ):
            cells = [_text_cell(each) for each in row[:MOST_COLUMNS]]
            if any(cell.sort for cell in cells):
                yield Line(number, tuple(cells))
    except csv.Error as error:
        raise _none() from error


def _text_cell(text: str) -> Cell:
    """A spreadsheet would work out what begins with `=`; here it is named and nothing more."""
    tidy = text.strip()
    if tidy.startswith("="):
        return Cell("formula", "")
    return Cell("text" if tidy else "", tidy)


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(char < " " and char not in _MAY_STAND for char in text):
            return text
    raise _none()


def _none() -> Refused:
    return Refused(
        _("这个文件不是表格，或者已经损坏。请上传 CSV 或 .xlsx 文件，可以先下载模板。"),
        code="sheet-malformed",
    )
