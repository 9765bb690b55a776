"""A patient and whom to call for them; an allergy."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from hospital.his.reading.basics import Malformed, Reading, Resource, moment, reading_of, text
from hospital.kernel import identity, normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused

ID_SYSTEM: Final = "urn:oid:2.16.156.10011.1.3"  # 公民身份号码


def patient(resource: Resource) -> Iterator[Reading]:
    numbers = [i["value"] for i in resource.get("identifier", []) if i.get("system") == ID_SYSTEM]
    birth, sex = date.fromisoformat(resource["birthDate"]), resource["gender"]
    number = ""
    if numbers:
        updated = moment(resource["meta"]["lastUpdated"])
        citizen = identity.citizen_id(numbers[0], today=local_date(updated))
        if (citizen.birth_date, citizen.sex) != (birth, sex):
            raise Malformed("the identity number tells another birth date or sex")
        number = citizen.number
    if sex not in {"male", "female"}:
        raise Malformed(f"gender {sex}")
    fields = {
        "name": normalise.name(resource["name"][0]["text"]),
        "id_number": number,
        "phone": _phone(resource),
        "birth_date": birth,
        "sex": sex,
        "contacts": [_contact(each) for each in resource.get("contact", [])],
    }
    yield reading_of(resource, fields)


def _phone(told: Resource) -> str | None:
    """The mobile number; a landline or a slip of the pen is no reason to turn a person away."""
    for each in told.get("telecom", []):
        try:
            return normalise.phone(each.get("value", ""))
        except Refused:
            continue
    return None


def _contact(told: Resource) -> dict[str, str]:
    relationships = told.get("relationship") or [{}]
    return {
        "name": normalise.name(told["name"]["text"]),
        "phone": _phone(told) or "",
        "relationship": text(relationships[0].get("text", ""), 32),
    }


def allergy(resource: Resource) -> Iterator[Reading]:
    code = resource["code"]
    told = resource.get("recordedDate")
    fields = {
        "to": text(code.get("text") or code["coding"][0]["display"], 100),
        "reaction": _reaction(resource),
        "at": moment(told) if told else None,
    }
    yield reading_of(resource, fields)


def _reaction(resource: Resource) -> str:
    """How bad it was. Where nobody wrote it down, the rules must take it for severe."""
    reactions = resource.get("reaction", [])
    signs = [m.get("text", "") for each in reactions for m in each.get("manifestation", [])]
    if any("休克" in sign or "anaphyla" in sign.lower() for sign in signs):
        return "anaphylaxis"
    severities = {each.get("severity") for each in reactions} - {None}
    is_mild = bool(severities) and severities <= {"mild", "moderate"}
    return "mild" if is_mild and resource.get("criticality") != "high" else "severe"
