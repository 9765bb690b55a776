"""Citizen identity numbers (公民身份号码, GB 11643-1999) and what they tell.

18 places: region (6), birth date (8), sequence (3, odd for men), check. The weights and the
check letters are those of ISO 7064 MOD 11-2, which the standard prescribes.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LENGTH = 18


@dataclass(frozen=True)
class CitizenId:
    number: str
    birth_date: date
    sex: str  # male | female


def normalise(text: str) -> str:
    return folded(text).replace(" ", "").upper()


def check_letter(first17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def citizen_id(text: str, *, today: date) -> CitizenId:
    """The number in its one form with the birth date and sex in it; refused where it cannot be."""
    number = normalise(text)
    if len(number) != _LENGTH:
        raise Refused(
            _("身份证号应为 18 位，现在是 %(length)s 位。") % {"length": len(number)},
            code="id-number-malformed",
        )
    if not _SHAPE.fullmatch(number):
        raise Refused(_("身份证号只能有数字，最后一位可以是 X。"), code="id-number-malformed")
    if check_letter(number[:17]) != number[17]:
        raise Refused(_("身份证号有误，请逐位核对一遍。"), code="id-number-checksum")
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        birth = date.max
    if not date(1900, 1, 1) <= birth <= today:
        raise Refused(_("身份证号里的出生日期不对，请核对。"), code="id-number-birth-date")
    return CitizenId(number, birth, "male" if int(number[16]) % 2 else "female")


def masked(number: str) -> str:
    return f"{number[:3]}***********{number[-4:]}"
