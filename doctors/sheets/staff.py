"""花名册: doctors and pharmacists, one post in a row, with the licence where it is known."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doctors import licences
from doctors.models import Title
from doctors.sheets.columns import Column, Finding, Reading, Sheet, day, one_of, word
from hospital.kernel import identity, normalise
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

LICENCE: Final = (
    "qualification_no",
    "practice_no",
    "institution",
    "scope",
    "independent_since",
    "valid_until",
)
_KINDS: Final = {
    "医生": "doctor",
    "医师": "doctor",
    "doctor": "doctor",
    "药师": "pharmacist",
    "pharmacist": "pharmacist",
}
_STAFF_NO: Final = re.compile(r"[a-z][a-z0-9_.-]{0,63}")


def _staff_no(text: str) -> str:
    number = folded(text).casefold()
    if not _STAFF_NO.fullmatch(number):
        raise Refused(
            _("工号就是账号名：小写字母和数字，以字母开头，最多 64 个。"),
            code="username-malformed",
        )
    return number


def _number(text: str) -> str:
    """The number of a certificate in its one form: two that differ in width alone are one."""
    return word(40)(folded(text).replace(" ", "").upper())


def _title(text: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        words = {str(label): str(value) for value, label in Title.choices}
    return one_of(words | {value: value for value in Title.values})(text)


def _across(sheet: Sheet, reading: Reading, on: date) -> Iterator[Finding]:
    kind, title = (reading.values.get(name, "") for name in ("kind", "title"))
    if kind and title and ("pharmacist" in title) != (kind == "pharmacist"):
        yield Finding(reading.row, sheet.word_of("title"), _("职称与岗位不一致，请核对。"))
    if any(reading.values.get(name) for name in LICENCE):
        for name in LICENCE:
            if not reading.values.get(name) and name not in reading.bad:
                says = _("资质要么各列都填，要么都不填。请补上，或清空这几列。")
                yield Finding(reading.row, sheet.word_of(name), says)
        yield from _days(sheet, reading, on)
        yield from _registered(sheet, reading)
    yield from _numbers(sheet, reading, on)


def _numbers(sheet: Sheet, reading: Reading, on: date) -> Iterator[Finding]:
    """What the numbers say against their form, and against the holder's identity number."""
    id_number = reading.values.get("id_number") or None
    readers: dict[str, Callable[[str], object]] = {
        "id_number": lambda text: identity.citizen_id(text, today=on)
    }
    match reading.values.get("kind"):
        case "doctor":
            readers["qualification_no"] = _qualification(on, id_number)
            readers["practice_no"] = licences.practice_number
        case "pharmacist":
            readers["qualification_no"] = readers["practice_no"] = licences.pharmacist_number
    for name, reader in readers.items():
        if text := reading.values.get(name):
            try:
                reader(text)
            except Refused as refusal:
                yield Finding(reading.row, sheet.word_of(name), refusal.message)


def _qualification(on: date, id_number: str | None) -> Callable[[str], str]:
    return lambda text: licences.qualification_number(text, today=on, id_number=id_number)


def _registered(sheet: Sheet, reading: Reading) -> Iterator[Finding]:
    """A doctor of another institution needs a filing (R-15), which a list has no columns for."""
    institution = reading.values.get("institution", "")
    if reading.values.get("kind") == "doctor" and institution not in ("", settings.HOSPITAL_NAME):
        says = _("注册在其他机构的医师，由本人提交资质和多机构执业备案。请清空资质各列。")
        yield Finding(reading.row, sheet.word_of("institution"), says)


def _days(sheet: Sheet, reading: Reading, on: date) -> Iterator[Finding]:
    since, until = reading.values.get("independent_since"), reading.values.get("valid_until")
    if since and date.fromisoformat(since) > on:
        says = _("独立执业应从过去开始，请核对。")
        yield Finding(reading.row, sheet.word_of("independent_since"), says)
    if until and date.fromisoformat(until) < on:
        says = _("已经过期。请换证以后再填，或清空资质各列。")
        yield Finding(reading.row, sheet.word_of("valid_until"), says)


SHEET: Final = Sheet(
    kind="staff",
    label=gettext_lazy("医生和药师"),
    key="staff_no",
    columns=(
        Column("staff_no", "工号", also=("账号",), must=True, read=_staff_no, example="d0001"),
        Column("name", "姓名", must=True, read=normalise.name, example="示例"),
        Column("kind", "岗位", must=True, read=one_of(_KINDS), example="医生"),
        Column("department", "科室", must=True, read=word(64), example="心血管内科"),
        Column("title", "职称", must=True, read=_title, example="主治医师"),
        Column("good_at", "擅长", read=word(300), example="高血压、冠心病"),
        Column("intro", "简介", read=lambda text: normalise.prose(text)),
        Column("id_number", "身份证号", read=_number),
        Column("qualification_no", "资格证书编码", also=("医师资格证书编码",), read=_number),
        Column("practice_no", "执业证书编码", also=("医师执业证书编码",), read=_number),
        Column("institution", "执业机构", read=word(80)),
        Column("scope", "执业范围", read=word(80)),
        Column("independent_since", "独立执业起", also=("独立临床工作起",), read=day),
        Column("valid_until", "有效期至", read=day),
    ),
    across=_across,
    twice=(("staff_no", "kind"), ("qualification_no",), ("practice_no",)),
)
