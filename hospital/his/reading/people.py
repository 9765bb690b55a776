"""A patient and whom to call for them."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from hospital.his.reading import documents
from hospital.his.reading.basics import Malformed, Reading, Resource, moment, reading_of, text
from hospital.kernel import identity, normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.identity import CitizenId
from hospital.kernel.refusals import Refused

ID_SYSTEM: Final = documents.CITIZEN
_FORMER: Final = {"old", "nickname", "temp"}  # of a name: nobody is called so on paper
_UNTOLD: Final = {"", "unknown", "other"}  # of gender: then the identity number tells it


def patient(resource: Resource) -> Iterator[Reading]:
    """A person. Birth date and sex may be missing where the identity number tells them."""
    _must_be_one_person(resource)
    identifiers = resource.get("identifier", [])
    numbers = [i["value"] for i in identifiers if i.get("system") == ID_SYSTEM]
    citizen = _citizen(resource, numbers[0]) if numbers else None
    birth, sex = _born(resource, citizen), _sex(resource, citizen)
    if citizen and (citizen.birth_date, citizen.sex) != (birth, sex):
        raise Malformed("the identity number tells another birth date or sex")
    fields = {
        "name": normalise.name(_name(resource["name"])),
        "id_number": citizen.number if citizen else "",
        "phone": _phone(resource),
        "birth_date": birth,
        "sex": sex,
        "contacts": list(_contacts(resource.get("contact", []))),
    }
    yield reading_of(resource, fields, documents=tuple(documents.told(identifiers)))


def _must_be_one_person(resource: Resource) -> None:
    """Two records of one person are joined by people of the hospital, never by us."""
    links = {each.get("type") for each in resource.get("link", [])}
    if "replaced-by" in links:
        raise Malformed("replaced by another record of the same person")


def _citizen(resource: Resource, number: str) -> CitizenId:
    updated = moment(resource["meta"]["lastUpdated"])
    return identity.citizen_id(number, today=local_date(updated))


def _born(resource: Resource, citizen: CitizenId | None) -> date:
    """To the day: of a date told only to the month, the identity number must know the rest."""
    told = str(resource.get("birthDate", ""))
    if (
        citizen
        and len(told) < len("1958-06-17")
        and citizen.birth_date.isoformat().startswith(told)
    ):
        return citizen.birth_date
    return date.fromisoformat(told)


def _sex(resource: Resource, citizen: CitizenId | None) -> str:
    told = str(resource.get("gender", ""))
    if told in _UNTOLD and citizen:
        return citizen.sex
    if told not in {"male", "female"}:
        raise Malformed("a gender that is neither male nor female")
    return told


def _name(names: list[Resource]) -> str:
    """The official one as it is written; family before given where only the parts are told."""
    valid = [each for each in names if each.get("use") not in _FORMER]
    chosen = next((each for each in valid if each.get("use") == "official"), valid[0])
    if chosen.get("text"):
        return str(chosen["text"])
    parts = [chosen.get("family", ""), *chosen.get("given", [])]
    is_latin = any("a" <= letter.lower() <= "z" for part in parts for letter in part)
    return (" " if is_latin else "").join(part for part in parts if part)


def _phone(told: Resource) -> str | None:
    """The mobile number; a landline or a slip of the pen is no reason to turn a person away."""
    for each in told.get("telecom", []):
        if each.get("system", "phone") not in {"phone", "sms"} or each.get("use") == "old":
            continue
        try:
            return normalise.phone(each.get("value", ""))
        except Refused:
            continue
    return None


def _contacts(told: list[Resource]) -> Iterator[dict[str, str]]:
    """Whom to call by their present name. One that cannot be read turns nobody away either: it is
    left out, and so shows no guardian."""
    for each in told:
        name = each.get("name") or {}
        if name.get("use") in _FORMER:
            continue
        relationships = each.get("relationship") or [{}]
        try:
            yield {
                "name": normalise.name(_name([name])),
                "phone": _phone(each) or "",
                "relationship": text(relationships[0].get("text", ""), 32),
            }
        except (Refused, Malformed):
            continue
