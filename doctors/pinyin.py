"""Pinyin initials, so that 陈思远 is found by `csy`."""

from pypinyin import Style, lazy_pinyin


def initials_of(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:64]
