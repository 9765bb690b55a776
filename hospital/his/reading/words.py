"""Results in words: 阴性, `2+`, `1:64`, `<0.01`. What of them is out of the ordinary."""

import re
from decimal import Decimal
from typing import Any, Final

from hospital.his.reading.basics import Resource, number, text
from hospital.kernel.normalise import folded

LONGEST: Final = 1000
_SAID: Final = {"H": "high", "HH": "high", "HU": "high", "L": "low", "LL": "low", "LU": "low"}
_ABNORMAL: Final = {"A", "AA"}
_NEGATIVE: Final = re.compile(r"\(?(阴性|未检出|negative|neg|[-−])\)?", re.IGNORECASE)
_POSITIVE: Final = re.compile(
    r"\(?([弱强]?阳性|检出|positive|pos|trace|微量|[1-4]\+|\+[1-4]?|\+{2,4}|±|\+-)\)?",
    re.IGNORECASE,
)


def words_of(part: Resource) -> str:
    """The result as a line of text, where it is no plain number; empty where it is none at all."""
    match part:
        case {"valueQuantity": {"comparator": str(than), "value": value}}:
            return f"{than}{number(value).normalize():f}"
        case {"valueString": told}:
            return text(told, LONGEST)
        case {"valueCodeableConcept": concept}:
            coded = (concept.get("coding") or [{}])[0]
            told = concept.get("text") or coded.get("display") or coded.get("code", "")
            return text(told, LONGEST)
        case {"valueRatio": {"numerator": over, "denominator": under}}:
            sides = (number(over["value"]), number(under["value"]))
            return ":".join(f"{side.normalize():f}" for side in sides)
        case {"valueRange": {"low": low, "high": high}}:
            sides = (number(low["value"]), number(high["value"]))
            return "–".join(f"{side.normalize():f}" for side in sides)
    return ""


def flag_of(part: Resource, said: str, expected: str, fields: dict[str, Any]) -> str:
    """high | low | abnormal | empty, as the laboratory says, or as follows from what it says.

    Positive is out of the ordinary only where negative is expected: who is vaccinated is positive.
    """
    codings = [c for each in part.get("interpretation", []) for c in each.get("coding", [])]
    codes = {str(coding.get("code", "")) for coding in codings}
    told = next((_SAID[code] for code in sorted(codes) if code in _SAID), "")
    if told or codes & _ABNORMAL:
        return told or "abnormal"
    if _NEGATIVE.fullmatch(folded(expected)) and _POSITIVE.fullmatch(folded(said)):
        return "abnormal"
    quantity = part.get("valueQuantity", {})
    return _beyond(quantity, fields["low"], fields["high"]) if "comparator" in quantity else ""


def _beyond(quantity: Resource, low: Decimal | None, high: Decimal | None) -> str:
    """Whether `<0.5` or `>90` lies outside for certain, wherever it lies."""
    limit, than = number(quantity["value"]), quantity["comparator"]
    if low is not None and (limit < low or (than == "<" and limit == low)) and "<" in than:
        return "low"
    if high is not None and (limit > high or (than == ">" and limit == high)) and ">" in than:
        return "high"
    return ""
