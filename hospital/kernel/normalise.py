"""One form for what people type: digits, phones, diagnosis codes, names, whole numbers.

People type full-width digits, spaces and +86; programs send `"1_0"` and lone bidi marks. What
cannot be brought to the one form is refused with a sentence that says how it should look.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_ICD10 = r"([A-Z][0-9]{2})\.?([0-9X]{0,11})"
_DIAGNOSIS = re.compile(rf"{_ICD10}(?:[*+†]|[+†]{_ICD10}\*)?")
_SEPARATORS = re.compile(r"[\s\-()]+")
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi and zero-width marks, surrogates
_NAME_LENGTH = 50
_DOTS = "•・･．‧⋅∙●᛫ㆍ"  # all typed for the middle dot of 阿卜杜拉·买买提

# Default_Ignorable_Code_Point of Unicode 16 (DerivedCoreProperties.txt): drawn as nothing.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_IDEOGRAPH = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
# Behind an ideograph it chooses among glyphs of the same character (IVS).
_GLYPH_CHOICE = re.compile(f"(?<={_IDEOGRAPH})[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def folded(text: str) -> str:
    """NFKC: full-width digits and letters become ASCII, compatibility forms one."""
    return unicodedata.normalize("NFKC", text).strip()


def phone(text: str) -> str:
    """A mainland mobile number as eleven ASCII digits."""
    digits = _SEPARATORS.sub("", folded(text)).removeprefix("+86").removeprefix("0086")
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if not _MOBILE.fullmatch(digits):
        raise Refused(_("手机号应是 11 位数字，以 1 开头。"), code="phone-malformed")
    return digits


def diagnosis(text: str) -> str:
    """A code of ICD-10 in its one spelling: `I10`, `E11.9`, and as China extends it `M17.900x001`.

    Of a cause with its manifestation (`E11.3†H36.0*`) the cause.
    """
    told = _DIAGNOSIS.fullmatch(folded(text).replace(" ", "").upper())
    if not told:
        raise Refused(
            _("诊断编码应是 ICD-10 编码，例如 I10 或 M17.900x001。"), code="diagnosis-malformed"
        )
    category, rest = told[1], told[2].lower()
    return f"{category}.{rest}" if rest else category


def whole(text: object, *, low: int | None = None, high: int | None = None) -> int:
    """A whole number: an int, or ASCII digits; never a float, a bool or `1_0`."""
    if isinstance(text, int) and not isinstance(text, bool):
        number = text
    elif isinstance(text, str) and _WHOLE.fullmatch(text):
        number = int(text)
    else:
        raise Refused(_("这里应填整数。"), code="number-malformed")
    if (low is not None and number < low) or (high is not None and number > high):
        raise Refused(
            _("数字应在 %(low)s 到 %(high)s 之间。") % {"low": low, "high": high},
            code="number-out-of-range",
        )
    return number


def reason(text: str, *, limit: int = 200) -> str:
    """Why something is decided: in words, never nothing."""
    why = prose(text, limit=limit)
    if not why:
        raise Refused(_("请写明理由。"), code="reason-missing")
    return why


def name(text: str) -> str:
    """A person's name in NFC; rare characters and the middle dot are welcome, marks are not.

    NFKC would fold some rare characters into others, so a name is only composed, never folded:
    but for what only looks like a character (a Kangxi radical that a PDF copied, a full-width
    letter) and for the many dots that people type between the parts of a name. Which of its glyphs
    an ideograph is drawn with is not part of a name.
    """
    tidy = _GLYPH_CHOICE.sub("", unicodedata.normalize("NFC", text))
    tidy = "".join(map(_as_meant, tidy))
    tidy = re.sub(r"(?<=[\u3400-\u9fff]) *\. *(?=[\u3400-\u9fff])", "·", tidy)
    tidy = re.sub(r" *·[ ·]*", "·", re.sub(r"\s+", " ", tidy)).strip()
    if not tidy or len(tidy) > _NAME_LENGTH:
        raise Refused(_("请填写姓名，最多 50 个字。"), code="name-malformed")
    if _INVISIBLE.search(tidy) or not all(map(_may_stand_in_a_name, tidy)):
        raise Refused(_("姓名里有不能使用的符号，请检查。"), code="name-malformed")
    if len({script for char in tidy if (script := _script(char))}) > 1:
        raise Refused(
            _("姓名里混有别国的字母，看起来一样，其实不同，请重新输入。"), code="name-mixed-letters"
        )
    return tidy


def _as_meant(char: str) -> str:
    """A dot of any kind is the middle dot, a radical or full-width letter the character it is."""
    if char in _DOTS:
        return "·"
    is_look_alike = "\u2f00" <= char <= "\u2fdf" or "\uff21" <= char <= "\uff5a"
    return unicodedata.normalize("NFKC", char) if is_look_alike else char


def _script(char: str) -> str:
    """The alphabet of a letter that has look-alikes in another; of everything else nothing."""
    known = unicodedata.name(char, "").split(" ")[0]
    return known if known in {"LATIN", "CYRILLIC", "GREEK"} else ""


def _may_stand_in_a_name(char: str) -> bool:
    return unicodedata.category(char)[0] in {"L", "M"} or char in "· '-"


def prose(text: str, *, limit: int = 2000) -> str:
    """Free text as it may be stored: NFC, newlines kept, invisible marks removed."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in _FORBIDDEN)
    tidy = kept.strip()
    if len(tidy) > limit:
        says = _("最多 %(limit)s 个字，现在是 %(length)s 个。")
        raise Refused(says % {"limit": limit, "length": len(tidy)}, code="text-too-long")
    return tidy


def masked_phone(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "****"


def masked_name(text: str) -> str:
    """`王秀兰` → `王**`: enough to recognise one's own, too little to find another."""
    return text[:1] + "*" * min(len(text) - 1, 2) if text else ""
