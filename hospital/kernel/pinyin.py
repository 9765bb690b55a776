"""Pinyin, so that 陈思远 is found by `csy`, `chensiyuan`, `chensy` and `siyuan`."""

import re
from typing import Final

from pypinyin import lazy_pinyin

LONGEST: Final = 400  # letters of a name's syllables
_SURNAMES: Final = {  # read otherwise than as a word
    "单": "shan",
    "仇": "qiu",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "区": "ou",
    "盖": "ge",
    "乐": "yue",
    "曾": "zeng",
    "任": "ren",
    "翟": "zhai",
    "缪": "miao",
    "尉迟": "yu chi",
    "万俟": "mo qi",
}
_REST: Final = "([a-z0-9]* )?"  # of a syllable of which only the beginning was typed
_SKIPPED: Final = "([a-z0-9]* )*"


def syllables_of(name: str, *, of_a_person: bool = False) -> str:
    """`chen si yuan`: one word for each character."""
    said, rest = "", name
    if of_a_person:
        surname = next((each for each in (name[:2], name[:1]) if each in _SURNAMES), "")
        said, rest = _SURNAMES.get(surname, ""), name[len(surname) :]
    words = re.findall(r"[a-z0-9]+", " ".join([said, *lazy_pinyin(rest)]).lower())
    return " ".join(words)[:LONGEST]


def pattern_of(letters: str, *, short: bool = False) -> str | None:
    """A regular expression over syllables for what somebody typed; None if that is no pinyin.

    Each syllable may be typed whole or begun, as an input method lets one: the letters run on
    within a syllable, or leave it and begin the next one. `short`: from the first syllable on,
    and others may be left out, as `xnk` (心内科) says 心血管内科.
    """
    typed = re.sub(r"[\s']", "", letters).lower()
    if not re.fullmatch(r"[a-z0-9]+", typed):
        return None
    return "^" + _SKIPPED.join(typed) if short else "(^| )" + _REST.join(typed)
