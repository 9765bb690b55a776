"""The columns of a list: their words, how a cell is read, and what is wrong with one that is not.

Readers take folded text (full-width digits are ASCII by then) and refuse with a sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from doctors.sheets.opening import Cell, Line
from hospital.kernel.normalise import folded, prose
from hospital.kernel.refusals import Refused

_DATE: Final = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
)
_EXACT: Final = 15  # digits that a spreadsheet keeps of a number


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: where, what, and what to do about it, for people."""

    row: int  # 0 is the whole list
    column: str
    says: str


@dataclass(frozen=True)
class Column:
    name: str
    word: str  # in the head, and what everybody calls it
    also: tuple[str, ...] = ()  # other words for it
    must: bool = False
    read: Callable[[str], str] = str
    example: str = ""


@dataclass(frozen=True)
class Reading:
    """What one row says, by the names of the columns; empty cells are empty text."""

    row: int
    values: Mapping[str, str]
    bad: frozenset[str] = frozenset()  # columns whose cell could not be read; no value of theirs


Across = Callable[["Sheet", Reading, date], Iterable[Finding]]


def _nothing(_sheet: "Sheet", _reading: Reading, _on: date) -> Iterable[Finding]:
    return ()


@dataclass(frozen=True)
class Sheet:
    kind: str
    label: str | Promise
    key: str  # the column that says of whom or what a row is
    columns: tuple[Column, ...]
    across: Across = _nothing  # what cells say that go together
    twice: tuple[tuple[str, ...], ...] = ()  # columns that together stand in one row only

    def read(self, lines: Sequence[Line], *, on: date) -> tuple[list[Reading], list[Finding]]:
        """Every row, and everything that is wrong with any cell of it."""
        columns, findings = self._columns_of(lines[0])
        if findings:
            return [], findings
        readings = []
        for line in lines[1:]:
            reading, wrong = _read(line, columns)
            readings.append(reading)
            findings += [*wrong, *self.across(self, reading, on)]
        return readings, findings + list(self._standing_twice(readings))

    def word_of(self, name: str) -> str:
        return next(column.word for column in self.columns if column.name == name)

    def template(self) -> str:
        """A CSV with the head and one example, for Excel."""
        rows = ([c.word for c in self.columns], [c.example for c in self.columns])
        return "\ufeff" + "".join(",".join(row) + "\r\n" for row in rows)

    def _columns_of(self, head: Line) -> tuple[dict[int, Column], list[Finding]]:
        known = {word: c for c in self.columns for word in (c.word, c.name, *c.also)}
        found: dict[int, Column] = {}
        wrong = []
        for place, cell in enumerate(head.cells):
            word = "".join(folded(cell.text).lower().split())
            if not word:
                continue
            if word not in known:
                says = _("不认识这一列。请删除，或改成模板里的列名。")
                wrong.append(Finding(head.number, cell.text[:40], says))
            elif known[word] in found.values():
                wrong.append(Finding(head.number, known[word].word, _("这一列有两个，请留一个。")))
            else:
                found[place] = known[word]
        for column in self.columns:
            if column.must and column not in found.values():
                says = _("缺少这一列。请按模板加上。")
                wrong.append(Finding(head.number, column.word, says))
        return found, wrong

    def _standing_twice(self, readings: Iterable[Reading]) -> Iterator[Finding]:
        first: dict[tuple[str, ...], int] = {}
        for reading in readings:
            for names in self.twice:
                values = [reading.values.get(name, "") for name in names]
                row = first.setdefault((*names, *values), reading.row)
                if all(values) and row != reading.row:
                    says = _("和第 %(row)s 行重复，请删除一行。") % {"row": row}
                    yield Finding(reading.row, self.word_of(names[0]), says)


def _read(line: Line, columns: Mapping[int, Column]) -> tuple[Reading, list[Finding]]:
    values: dict[str, str] = {}
    wrong: dict[str, Finding] = {}
    for place, column in columns.items():
        cell = line.cells[place] if place < len(line.cells) else Cell("", "")
        try:
            values[column.name] = _value(cell, column)
        except Refused as refusal:
            wrong[column.name] = Finding(line.number, column.word, refusal.message)
    return Reading(line.number, values, frozenset(wrong)), list(wrong.values())


def _value(cell: Cell, column: Column) -> str:
    if cell.sort == "formula":
        raise Refused(_("这里是公式。请复制后“粘贴为值”。"), code="cell-formula")
    text = prose(_number(cell.text) if cell.sort == "number" else cell.text)
    if not text:
        if column.must:
            raise Refused(_("这里是空的，请填写。"), code="cell-empty")
        return ""
    return column.read(text)


def _number(text: str) -> str:
    """What stands in a cell of numbers: whole ones as they are, unless digits were lost."""
    value = float(text)
    if not value.is_integer():
        raise Refused(
            _("表格软件把这里当成了小数。请把这一列设成“文本”格式，再重新填写。"),
            code="cell-number",
        )
    digits = str(int(value))
    if len(digits) > _EXACT:
        raise Refused(
            _("号码太长，表格软件丢掉了后几位。请把这一列设成“文本”格式，再重新填写。"),
            code="cell-digits-lost",
        )
    return digits


# --- readers ---------------------------------------------------------------------------------
def word(limit: int) -> Callable[[str], str]:
    """One line of text, at most this long."""

    def read(text: str) -> str:
        return prose(" ".join(text.split()), limit=limit)

    return read


def one_of(words: Mapping[str, str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        key = folded(text).casefold()
        if key not in words:
            known = "、".join(dict.fromkeys(each for each in words if not each.isascii()))
            raise Refused(_("应是其中之一：%(known)s。") % {"known": known}, code="cell-unknown")
        return words[key]

    return read


def day(text: str) -> str:
    """A day, written in any of the usual ways, as `2026-01-31`."""
    match = _DATE.fullmatch(folded(text).replace(" ", ""))
    try:
        if match is None:
            raise ValueError(text)
        year, month, day_of_month = (int(each) for each in match.groups() if each)
        return date(year, month, day_of_month).isoformat()
    except ValueError:
        raise Refused(_("不是日期。请写成 2026-01-31 这样。"), code="cell-date") from None
