"""Resident identity numbers as GB 11643-1999 builds them."""

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def id_number(region: str, birth_date: date, sequence: int) -> str:
    """Six digits of region, the birth date, three of sequence (odd is male), and the check."""
    digits = f"{region}{birth_date:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + _CHECKS[total % 11]
