"""A person and their allergies, written as FHIR R4 resources."""

from datetime import datetime

from hospital.simulators import clock
from hospital.simulators.his import systems
from hospital.simulators.his.coding import coding
from hospital.simulators.his.people import Person
from hospital.simulators.shelf import Item


def patient(person: Person) -> Item:
    contacts = []
    if person.guardian:
        told = person.guardian
        contacts.append(
            {
                "relationship": [
                    {
                        "coding": [coding(f"{systems.TERMINOLOGY}/v2-0131", "N", "Next-of-Kin")],
                        "text": told.relationship,
                    }
                ],
                "name": {"text": told.name},
                "telecom": [{"system": "phone", "value": told.phone, "use": "mobile"}],
            }
        )
    return {
        "resourceType": "Patient",
        "id": person.id,
        "identifier": [
            {"use": "official", "system": systems.RESIDENT_ID, "value": person.id_number},
            {"use": "usual", "system": systems.RECORD_NUMBER, "value": f"MRN-{person.id}"},
        ],
        "active": True,
        "name": [{"use": "official", "text": person.name}],
        "telecom": [{"system": "phone", "value": person.phone, "use": "mobile"}],
        "gender": person.sex,
        "birthDate": person.birth_date.isoformat(),
        **({"contact": contacts} if contacts else {}),
    }


def allergy(person: Person, number: int, substance: str, at: datetime) -> Item:
    system = f"{systems.TERMINOLOGY}/allergyintolerance"
    return {
        "resourceType": "AllergyIntolerance",
        "id": f"{person.id}-a{number}",
        "clinicalStatus": {"coding": [coding(f"{system}-clinical", "active", "Active")]},
        "verificationStatus": {"coding": [coding(f"{system}-verification", "confirmed", "确认")]},
        "category": ["medication"],
        "code": {"text": substance},
        "patient": {"reference": f"Patient/{person.id}", "display": person.name},
        "recordedDate": clock.written(at),
    }
