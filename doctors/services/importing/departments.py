"""One row of a 科室表: a department, known by its code."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from doctors.models import Department, Import
from doctors.services.departments import put_department
from doctors.services.importing.comparing import Compared
from doctors.sheets import Finding, Reading
from doctors.sheets.departments import SHEET

_TOLD = ("name", "name_en", "subject_code", "parent")


def compared(readings: Iterable[Reading], wrong: Collection[int]) -> Compared:
    """What each row would come to, and what is in its way here; one query in all. `wrong` are
    the rows that could not be read whole."""
    found = Compared()
    here = {each.code: each for each in Department.objects.select_related("parent")}
    names = {each.name: each.code for each in here.values()}
    over = {each.code: each.parent.code if each.parent else "" for each in here.values()}
    for reading in readings:
        values = reading.values
        if reading.row in wrong:
            over.setdefault(values.get("code", ""), values.get("parent", ""))
            continue
        code = values["code"]
        found.findings += _in_the_way(reading, names, over)
        over[code] = values.get("parent", over.get(code, ""))
        found.outcomes[reading.row] = _step(here.get(code), _told(values))
    return found


def _in_the_way(
    reading: Reading, names: Mapping[str, str], over: Mapping[str, str]
) -> Iterator[Finding]:
    """`over` is the larger department of each, as it will be when this row's turn comes."""
    values = reading.values
    code, parent = values["code"], values.get("parent")
    if names.get(values["name"], code) != code:
        says = _("这个名称已是另一个科室的，请核对编码。")
        yield Finding(reading.row, SHEET.word_of("name"), says)
    if parent and parent not in over:
        says = _("没有这个上级科室。请先导入它，或写在它前面的行。")
        yield Finding(reading.row, SHEET.word_of("parent"), says)
    elif parent and (over[parent] or parent == code or code in over.values()):
        says = _("科室最多两级：上级科室自己不能再有上级，有下级的科室也不能。")
        yield Finding(reading.row, SHEET.word_of("parent"), says)


def put(values: Mapping[str, Any], sheet: Import, *, at: datetime) -> str:
    """Make it so, in the caller's transaction; the step that the row takes by it. Twice is once."""
    return put_department(values["code"], **_told(values), by=sheet.confirmed_by, at=at)


def _told(values: Mapping[str, Any]) -> dict[str, str]:
    """A column that the list does not have says nothing; an empty cell says: none."""
    return {name: values[name] for name in _TOLD if name in values}


def _step(here: Department | None, told: Mapping[str, str]) -> str:
    if here is None:
        return "add"
    is_so = {
        "name": here.name,
        "name_en": here.name_en,
        "subject_code": here.subject_code,
        "parent": here.parent.code if here.parent else "",
    }
    return "keep" if all(is_so[name] == value for name, value in told.items()) else "change"
