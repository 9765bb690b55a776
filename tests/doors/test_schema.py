"""The description of the JSON doors is true: nothing missing, nothing guessed, answers fit."""

import re

import jsonschema
import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator

from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import every_door
from hospital.accounts.roles import ANYONE, STAFF, Role
from hospital.kernel.schema import ACCESS
from tests.backoffice import full_house
from tests.doors.test_every_door import address_of, somebody
from tests.make import sitting_of

ITSELF = "/api/v1/schema/"
DOORS = [
    door for door in every_door() if door.kind == "route" and "/api/v1/" in door.name
    and not door.name.endswith(ITSELF)
]  # fmt: skip


@pytest.fixture(scope="module")
def described():
    reset_generator_stats()
    return SchemaGenerator().get_schema(request=None, public=True)


def operation_of(described, door):
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", door.name.split(" ")[1])
    return described["paths"][path][door.method.lower()]


def check(described, door, answer):
    """The answer has the shape that is told for its status, or for a refusal."""
    told = operation_of(described, door)["responses"]
    shape = told.get(str(answer.status_code))
    if shape is None:
        assert answer.status_code >= 400
        shape = described["components"]["responses"]["Refused"]
    if "content" not in shape:
        assert answer.content == b""
        return
    schema = shape["content"]["application/json"]["schema"]
    jsonschema.validate(answer.json(), {**schema, "components": described["components"]})


def test_nothing_in_it_is_guessed(described):
    assert not GENERATOR_STATS, "run manage.py spectacular to see what is unclear"


def test_every_json_door_is_described_with_its_access_entry(described):
    assert len(DOORS) > 40
    for door in DOORS:
        assert operation_of(described, door)[ACCESS] == door.entry


def test_every_operation_has_a_name_of_its_own(described):
    names = [o["operationId"] for each in described["paths"].values() for o in each.values()]
    assert len(names) == len(set(names))


@pytest.mark.django_db(databases=["default", "trail"])
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_what_a_door_answers_to_somebody_who_may_knock_fits(described, door):
    """With nothing in the house: lists are empty, things are missing, empty bodies are refused."""
    role = next(iter(sorted(ENTRIES[door.entry].roles - {ANYONE})))
    client = sitting_of(somebody(role))
    more = {} if door.method == "GET" else {"data": {}, "content_type": "application/json"}
    check(described, door, getattr(client, door.method.lower())(address_of(door), **more))


@pytest.mark.django_db(databases=["default", "trail"])
def test_what_a_house_full_of_things_answers_fits(described):
    """The same for doors that read one thing or a list, with a whole case in the house."""
    made = full_house()
    visit, patient = made.consultation, made.consultation.asked_by
    people = [sitting_of(each) for each in (patient, visit.doctor.user, made.reviewer.user)]
    things = {
        "consultations": visit.public_id,
        "prescriptions": made.public_id,
        "charges": made.charge.public_id,
        "doctors": visit.doctor.public_id,
        "patients": visit.patient.public_id,
    }
    answered = 0
    for door in (each for each in DOORS if each.method == "GET"):
        room = door.name.split("/")[3]
        where = door.name.split(" ")[1].replace("<uuid:public_id>", str(things.get(room)))
        answers = [person.get(where) for person in people if "<" not in where]
        for answer in answers:
            check(described, door, answer)
        answered += any(answer.status_code == 200 for answer in answers)
    assert answered > 15


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(Role))
def test_staff_may_read_the_description_and_patients_may_not(role):
    answer = sitting_of(somebody(role)).get(ITSELF)
    assert answer.status_code == (200 if role in STAFF else 403)
    assert ("openapi" in answer.json()) is (role in STAFF)
