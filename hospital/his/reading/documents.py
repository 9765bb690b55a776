"""The documents by which the hospital knows a person: systems of numbers, and one form for each.

A number counts only together with its kind: the same letters may stand on two documents.
"""

import re
from collections.abc import Iterator
from typing import Final

from hospital.his.reading.basics import Resource
from hospital.kernel.normalise import folded

CITIZEN: Final = "urn:oid:2.16.156.10011.1.3"  # 公民身份号码
PASSPORT: Final = "passport"
HK_MACAO: Final = "hk-macao"  # 港澳居民来往内地通行证
TAIWAN: Final = "taiwan"  # 台湾居民来往大陆通行证
RESIDENCE: Final = "residence"  # 港澳台居民居住证
FOREIGN: Final = "foreign"  # 外国人永久居留身份证
SYSTEMS: Final = {
    f"urn:his:document:{kind}": kind for kind in (PASSPORT, HK_MACAO, TAIWAN, RESIDENCE, FOREIGN)
}
_RENEWED: Final = re.compile(r"[HM][0-9]{10}")  # a pass whose last two places count renewals
_TYPES: Final = {"PPN": PASSPORT}  # HL7 v2-0203, as other countries' systems write it
_NUMBER: Final = re.compile(r"[0-9A-Z]{5,24}")


def keyed(kind: str, number: str) -> str:
    """`passport:E12345678`: what is compared, and never a number alone."""
    return f"{kind}:{one_form(kind, number)}"


def system_of(kind: str) -> str:
    """Under which system the hospital's numbers of this kind stand."""
    return next(system for system, its in SYSTEMS.items() if its == kind)


def one_form(kind: str, number: str) -> str:
    """The same as people's own numbers have (`kernel.documents`): no marks, no renewals."""
    tidy = re.sub(r"[\s\-()]", "", folded(number)).upper()
    return tidy[:9] if kind == HK_MACAO and _RENEWED.fullmatch(tidy) else tidy


def told(identifiers: list[Resource]) -> Iterator[str]:
    """The documents that these identifiers name, keyed; what is no document is passed over."""
    for each in identifiers:
        kind = SYSTEMS.get(each.get("system", "")) or _by_type(each)
        value = each.get("value")
        is_valid = each.get("use") != "old" and isinstance(value, str)
        if kind and is_valid and _NUMBER.fullmatch(one_form(kind, str(value))):
            yield keyed(kind, str(value))


def _by_type(identifier: Resource) -> str:
    codings = (identifier.get("type") or {}).get("coding") or [{}]
    return _TYPES.get(str(codings[0].get("code", "")), "")
