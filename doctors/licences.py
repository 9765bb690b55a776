"""The numbers on the certificates of doctors and pharmacists, and what can be told from them.

资格证书编码: year 4, province 2, level 1, category 2, then the holder's identity number: 27 places
today, 24 in the days of 15-digit identity numbers. 执业证书编码: 15 digits, on whose layout the
sources disagree, so that only the length is checked.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from hospital.kernel import identity
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

_HEAD = 9  # places before the identity number
_OLD = 15  # places of an identity number before 1999
_QUALIFICATION = re.compile(r"[0-9]{24}|[0-9]{26}[0-9X]")
_PRACTICE = re.compile(r"[0-9]{15}")
_PHARMACIST = re.compile(r"[0-9A-Z]{6,32}")
_SUBJECT = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}")


def qualification_number(text: str, *, today: date, id_number: str | None = None) -> str:
    """The number in its one form; the identity number in it must be one, and the holder's own."""
    number = _tidy(text)
    if not _QUALIFICATION.fullmatch(number):
        raise Refused(
            _("资格证书编码应为 27 位（早年的为 24 位），现在是 %(length)s 位。")
            % {"length": len(number)},
            code="qualification-malformed",
        )
    inside = number[_HEAD:]
    if len(inside) == 18:
        identity.citizen_id(inside, today=today)
    if id_number is not None and inside != _as_long_as(inside, identity.normalise(id_number)):
        raise Refused(
            _("资格证书编码里的身份证号与本人的不一致，请核对。"), code="qualification-of-another"
        )
    return number


def identity_number(qualification: str) -> str:
    """The identity number inside a doctor's 资格证书编码, in 18 places; empty where none is."""
    inside = qualification[_HEAD:] if _QUALIFICATION.fullmatch(qualification) else ""
    if len(inside) != _OLD:
        return inside
    first17 = f"{inside[:6]}19{inside[6:]}"
    return first17 + identity.check_letter(first17)


def practice_number(text: str) -> str:
    number = _tidy(text)
    if not _PRACTICE.fullmatch(number):
        raise Refused(
            _("执业证书编码应为 15 位数字，现在是 %(length)s 位。") % {"length": len(number)},
            code="practice-malformed",
        )
    return number


def pharmacist_number(text: str) -> str:
    """A pharmacist's certificate: no common layout is published."""
    number = _tidy(text)
    if not _PHARMACIST.fullmatch(number):
        raise Refused(_("证书编号应为 6 到 32 位字母和数字。"), code="qualification-malformed")
    return number


def subject_code(text: str) -> str:
    """诊疗科目: two digits, and further ones after dots (医疗机构诊疗科目名录)."""
    code = _tidy(text)
    if not _SUBJECT.fullmatch(code):
        raise Refused(_("诊疗科目代码应像 03 或 03.04。"), code="subject-malformed")
    return code


def _as_long_as(inside: str, id_number: str) -> str:
    """The identity number in 18 places, or in the 15 that it had before 1999."""
    return id_number if len(inside) == 18 else id_number[:6] + id_number[8:17]


def _tidy(text: str) -> str:
    return folded(text).replace(" ", "").upper()


def masked(number: str) -> str:
    """Enough to recognise one's own certificate; the identity number inside stays hidden."""
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}"
