"""Money is an integer of fen (分). Nothing here is ever a float."""

import re

from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused

_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


def yuan(fen: int) -> str:
    """`8050` → `80.50`, for gateways, the regulator and receipts."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def short_yuan(fen: int) -> str:
    """`8000` → `80`, `8050` → `80.50`: as a price is read."""
    return yuan(fen).removesuffix(".00")


def fen(text: str) -> int:
    """`80.5` → `8050`; refuses signs, exponents, separators and full-width digits."""
    match = _YUAN.fullmatch(text)
    if match is None:
        raise Refused(_("金额应是数字，最多两位小数，例如 50.50。"), code="money-malformed")
    whole, part = match.groups()
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))
