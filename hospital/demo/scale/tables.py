"""The tables that are filled, in the order of what points to what."""

from typing import Final

from hospital.accounts.models import User
from hospital.demo.scale.rows import Table
from hospital.his.models import Diagnosis, Observation, Person, Report, Visit
from hospital.his.models import Medicine as HisMedicine
from patients.models import Allergy, Link, Medicine, OnlineVisit, Patient

BASE: Final = 1_000_000_000  # where ids begin; no sequence will come so far
_MIRRORED: Final = ("id", "fhir_id", "updated_at", "pulled_at")
_WHO: Final = ("name", "id_number", "id_index", "phone", "birth_date", "sex")

ACCOUNT: Final = Table(
    User, "id", "password", "name", "phone", "phone_index", "roles", "is_demo", "joined_at"
)
PERSON: Final = Table(Person, *_MIRRORED, *_WHO)
PATIENT: Final = Table(
    Patient,
    *("id", *_WHO, "person_id"),
    *("real_name_at", "is_demo", "allergies_known_at", "recorded_at"),
)
LINK: Final = Table(Link, "id", "account_id", "patient_id", "relation", "since")
VISIT: Final = Table(
    Visit, *_MIRRORED, "person_id", "at", "kind", "department", "doctor", "summary"
)
DIAGNOSIS: Final = Table(Diagnosis, *_MIRRORED, "person_id", "visit_id", "code", "name", "at")
REPORT: Final = Table(Report, *_MIRRORED, "person_id", "at", "kind", "title", "conclusion")
OBSERVATION: Final = Table(
    Observation,
    *_MIRRORED,
    *("person_id", "report_id", "at", "code", "name", "value", "unit", "low", "high"),
)
PRESCRIBED: Final = Table(
    HisMedicine, *_MIRRORED, "person_id", "at", "name", "atc", "dosage", "until"
)
ONLINE: Final = Table(
    OnlineVisit,
    *("id", "patient_id", "visit", "at", "department", "doctor", "diagnoses", "outcome"),
)
TAKEN: Final = Table(
    Medicine, "id", "patient_id", "name", "atc", "dosage", "since", "until", "source", "origin"
)
ALLERGY: Final = Table(Allergy, "id", "patient_id", "to", "reaction", "source", "at")
TABLES: Final = (
    *(ACCOUNT, PERSON, PATIENT, LINK, VISIT, DIAGNOSIS, REPORT, OBSERVATION),
    *(PRESCRIBED, ONLINE, TAKEN, ALLERGY),
)
