"""Units of dose and codes of frequency, exact: doses are compared as fractions, never as floats."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

_MILLIGRAMS: Mapping[str, Fraction] = {
    "μg": Fraction(1, 1000),
    "mg": Fraction(1),
    "g": Fraction(1000),
}

PER_DAY: Mapping[str, Fraction] = {
    "qd": Fraction(1),
    "qn": Fraction(1),
    "bid": Fraction(2),
    "q12h": Fraction(2),
    "tid": Fraction(3),
    "tid_ac": Fraction(3),
    "q8h": Fraction(3),
    "qid": Fraction(4),
    "q6h": Fraction(4),
    "5id": Fraction(5),
    "qod": Fraction(1, 2),
    "qw": Fraction(1, 7),
    "biw": Fraction(2, 7),
    "q72h": Fraction(1, 3),
    "q6m": Fraction(1, 182),
    "prn": Fraction(1),  # as needed counts as once a day
}


def base_unit(unit: str) -> str:
    """The unit that doses in `unit` are summed in: mg for every mass, else the unit itself."""
    return "mg" if unit in _MILLIGRAMS else unit


def in_base(amount: Decimal, unit: str) -> Fraction:
    return Fraction(amount) * _MILLIGRAMS.get(unit, Fraction(1))
