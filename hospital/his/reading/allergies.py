"""What a person does not bear."""

from collections.abc import Iterator
from typing import Final

from hospital.his.reading.basics import Malformed, Reading, Resource, reading_of, text
from hospital.his.reading.moments import when

# SNOMED CT: no known allergy; no known drug, food, environmental, latex allergy
NONE_KNOWN: Final = {"716186003", "409137002", "429625007", "428607008", "1003774007"}


def says_none(resource: Resource) -> bool:
    """Whether it is the statement that nothing is known, which is an allergy to nothing."""
    return any(
        each.get("code") in NONE_KNOWN for each in (resource.get("code") or {}).get("coding", [])
    )


def allergy(resource: Resource) -> Iterator[Reading]:
    told = [name for name in ("recordedDate", "onsetDateTime") if resource.get(name)]
    fields = {
        "to": text(_substance(resource), 100),
        "reaction": _reaction(resource),
        "at": when(resource, *told) if told else None,
    }
    yield reading_of(resource, fields)


def _substance(resource: Resource) -> str:
    """What it is to; where only the reaction names it, that."""
    named = [resource.get("code"), *(r.get("substance") for r in resource.get("reaction", []))]
    for concept in filter(None, named):
        codings = concept.get("coding") or [{}]
        said = concept.get("text") or codings[0].get("display")
        if said:
            return str(said)
    raise Malformed("an allergy to nothing named")


def _reaction(resource: Resource) -> str:
    """How bad it was. Where nobody wrote it down, the rules must take it for severe."""
    reactions = resource.get("reaction", [])
    signs = [sign for each in reactions for m in each.get("manifestation", []) for sign in _said(m)]
    if any("休克" in sign or "anaphyla" in sign.lower() for sign in signs):
        return "anaphylaxis"
    severities = {each.get("severity") for each in reactions} - {None}
    is_mild = bool(severities) and severities <= {"mild", "moderate"}
    return "mild" if is_mild and resource.get("criticality") != "high" else "severe"


def _said(concept: Resource) -> list[str]:
    codings = concept.get("coding") or []
    return [str(concept.get("text", "")), *(str(each.get("display", "")) for each in codings)]
