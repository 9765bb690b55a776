"""Units of laboratory values: read as UCUM and as people write them, and converted.

What cannot be read, or not converted, is said to be so: nothing is ever guessed. Prefixes convert
for every item (g/dL, g/L); between moles and grams it takes the analyte's molar mass.
"""

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from patients.reports.analytes import Analyte, analyte_of

_PREFIX: Final = {"": 0, "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15}
_AMOUNT: Final = re.compile(r"(?P<prefix>[munpf]?)(?P<what>g|mol|eq|u|iu|kat)/(?P<per>[dcmunpf]?)l")
_COUNT: Final = re.compile(
    r"(?:x|\*)?10(?:\^|\*{1,2}|e)?(?P<power>[0-9]{1,2})/(?P<per>[dcmunpf]?)l"
)
_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹×µμ", "0123456789xuu")
# the master equation of NGSP and IFCC for HbA1c: per cent = slope × mmol/mol + intercept
_NGSP: Final = (Decimal("0.09148"), Decimal("2.152"))
_OF_ENZYMES: Final = {"iu": 1, "kat": 60 * 10**6}  # U in one of them
_KPA: Final = Decimal("7.50062")  # mmHg
_PLACES: Final = 4  # significant digits of what was converted

Convert = Callable[[Decimal], Decimal]


class _Unit(NamedTuple):
    dimension: str  # g | mol | eq | u | iu | kat, each per litre; count; or the unit itself
    factor: Decimal  # how many of the dimension it is


def converter(code: str, unit: str, *, to_code: str, to_unit: str) -> Convert | None:
    """How a value of `code` in `unit` becomes one of `to_code` in `to_unit`; None: not at all."""
    source, target = _read(unit), _read(to_unit)
    analyte, other = analyte_of(code), analyte_of(to_code)
    if analyte.key != other.key:
        return None
    if source == target and analyte.grams_per_mole == other.grams_per_mole:
        return lambda value: value
    if analyte.key == "hba1c":
        return _between_scales(source.dimension, target.dimension)
    over = _comparable(source, analyte)
    under = _comparable(target, other)
    if over.dimension != under.dimension:
        return None
    factor = over.factor / under.factor
    return lambda value: _rounded(value * factor)


def _comparable(unit: _Unit, analyte: Analyte) -> _Unit:
    """In moles where the molar mass or charge is known, in U of enzymes; otherwise as it is."""
    if unit.dimension == "g" and analyte.grams_per_mole:
        return _Unit("mol", unit.factor / analyte.grams_per_mole)
    if unit.dimension == "eq" and analyte.valence:
        return _Unit("mol", unit.factor / analyte.valence)
    if unit.dimension in _OF_ENZYMES and analyte.is_enzyme:
        return _Unit("u", unit.factor * _OF_ENZYMES[unit.dimension])
    return unit


def _between_scales(source: str, target: str) -> Convert | None:
    slope, intercept = _NGSP
    if (source, target) == ("mmol/mol", "%"):
        return lambda value: _rounded(value * slope + intercept)
    if (source, target) == ("%", "mmol/mol"):
        return lambda value: _rounded((value - intercept) / slope)
    return None


@lru_cache(maxsize=1024)
def _read(unit: str) -> _Unit:
    plain = _plain(unit)
    if found := _AMOUNT.fullmatch(plain):
        power = _PREFIX[found["prefix"]] - _PREFIX[found["per"]]
        return _Unit(found["what"], Decimal(10) ** power)
    if found := _COUNT.fullmatch(plain):
        return _Unit("count", Decimal(10) ** (int(found["power"]) - _PREFIX[found["per"]]))
    if plain == "kpa":
        return _Unit("mmhg", _KPA)
    return _Unit(plain, Decimal(1))


def _plain(unit: str) -> str:
    """`μmol/L`, `µmol/l`, `umol/L` → `umol/l`; `mm[Hg]` → `mmhg`; `[iU]/mL` → `iu/ml`."""
    ascii_ = unicodedata.normalize("NFKC", unit.translate(_SUPERSCRIPTS)).translate(_SUPERSCRIPTS)
    return re.sub(r"[\s\[\]{}_]", "", ascii_).lower()


def _rounded(value: Decimal) -> Decimal:
    """A conversion knows no more digits than what was measured."""
    if not value:
        return value
    return round(value, max(0, _PLACES - 1 - value.adjusted())).normalize()
