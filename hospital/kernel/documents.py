"""Identity documents beside the resident identity card: their kinds, shapes, and one form each.

Eighteen-place numbers of GB 11643 (identity card, residence permits of Hong Kong, Macao and
Taiwan, the new foreign permanent residence card) are one space of numbers: their first places say
which kind they are, and birth date and sex stand in them. Of all others both have to be told.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.kernel import identity
from hospital.kernel.normalise import folded
from hospital.kernel.refusals import Refused

ID_CARD: Final = "id-card"
KINDS: Final = {
    ID_CARD: gettext_lazy("居民身份证"),
    "residence": gettext_lazy("港澳台居民居住证"),
    "hk-macao": gettext_lazy("港澳居民来往内地通行证"),
    "taiwan": gettext_lazy("台湾居民来往大陆通行证"),
    "foreign": gettext_lazy("外国人永久居留身份证"),
    "passport": gettext_lazy("护照"),
}
EIGHTEEN: Final = (ID_CARD, "residence", "foreign")
_REGIONS: Final = ("810000", "820000", "830000")  # Hong Kong, Macao, Taiwan
_OLD_PERMANENT: Final = re.compile(r"[A-Z]{3}[0-9]{12}")  # cards of before 2023
_NO_MARKS: Final = re.compile(r"[\s\-()]+")
_OLDEST: Final = date(1900, 1, 1)


@dataclass(frozen=True)
class Document:
    """One document of one person, in its one form."""

    kind: str
    number: str
    birth_date: date
    sex: str  # male | female

    @property
    def key(self) -> str:
        return key(self.kind, self.number)


def key(kind: str, number: str) -> str:
    """What a blind index is made of: kind and number; of eighteen places the number says both."""
    return number if len(number) == 18 and kind in EIGHTEEN else f"{kind}:{number}"


def read(
    kind: str, text: str, *, today: date, birth_date: date | None = None, sex: str = ""
) -> Document:
    """The document in its one form; refused where it cannot be.

    An eighteen-place number is of the kind that its first places say, whichever was chosen.
    """
    if kind not in KINDS:
        raise Refused(_("请选择证件类型。"), code="document-kind-unknown")
    number = _tidy(text)
    if kind in EIGHTEEN and not (kind == "foreign" and _OLD_PERMANENT.fullmatch(number)):
        told = identity.citizen_id(number, today=today)
        return Document(_kind_of(told.number), told.number, told.birth_date, told.sex)
    number = _SHAPED[kind](number)
    if birth_date is None or sex not in {"male", "female"}:
        raise Refused(_("这种证件号里没有出生日期和性别，请填写。"), code="birth-or-sex-missing")
    if not _OLDEST <= birth_date <= today:
        raise Refused(_("出生日期不对，请核对。"), code="birth-date-impossible")
    return Document(kind, number, birth_date, sex)


def masked(number: str) -> str:
    """Enough to recognise one's own: of a short number less is shown than of a long one."""
    if len(number) == 18:
        return identity.masked(number)
    return f"{number[:1]}{'*' * max(len(number) - 3, 0)}{number[-2:]}"


def _kind_of(number: str) -> str:
    if number.startswith("9"):
        return "foreign"
    return "residence" if number.startswith(_REGIONS) else ID_CARD


def _tidy(text: str) -> str:
    return _NO_MARKS.sub("", folded(text)).upper()


def _hm_pass(number: str) -> str:
    """H or M and eight digits; older cards add two that count the renewals, of the same person."""
    return _matched(r"[HM][0-9]{8}(?:[0-9]{2})?", number, _("通行证号应是 H 或 M 加 8 位数字。"))[
        :9
    ]


def _tw_pass(number: str) -> str:
    """Eight digits; on older cards ten digits and a letter."""
    return _matched(r"[0-9]{8}|[0-9]{10}[A-Z]", number, _("台胞证号应是 8 位数字。"))


def _passport(number: str) -> str:
    says = _("护照号应是 5 到 15 位字母和数字，且至少有一位数字。")
    return _matched(r"(?=.*[0-9])[A-Z0-9]{5,15}", number, says)


def _permanent(number: str) -> str:
    return _matched(_OLD_PERMANENT.pattern, number, _("请填卡上的 18 位或 15 位号码。"))


def _matched(shape: str, number: str, says: str) -> str:
    if not re.fullmatch(shape, number):
        raise Refused(says, code="document-number-malformed")
    return number


_SHAPED: Final = {
    "hk-macao": _hm_pass,
    "taiwan": _tw_pass,
    "passport": _passport,
    "foreign": _permanent,
}
