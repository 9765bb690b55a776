"""The demonstration's world: the same facts each time, nothing twice, never in production."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from audit.models import Event
from doctors.models import Clinician, Credential
from hospital.accounts.models import User
from hospital.demo.cast import PATIENTS, STAFF
from patients.models import Evidence, Patient
from tests import databases, stack

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "trail"]),
    pytest.mark.slow,
]
NOON = "2026-03-10T12:00:00+08:00"


@pytest.fixture
def seed(transactional_db, tmp_path):
    """`seed(name)`: seeds this test's database as of noon; what it wrote to `name`."""
    with stack.simulators(tmp_path) as outside:
        env = os.environ | databases.environment_of(connection.settings_dict["NAME"])
        env |= {"DJANGO_SETTINGS_MODULE": "hospital.settings", "SIMULATORS_URL": outside}

        def run(name, **more):
            path = tmp_path / name
            command = [sys.executable, "manage.py", "seed_demo", f"--json={path}", f"--at={NOON}"]
            subprocess.run(command, env=env | more, cwd=databases.ROOT, check=True)
            return json.loads(path.read_text(encoding="utf-8"))

        yield run


def counted():
    return [each.objects.count() for each in (User, Clinician, Credential, Patient, Evidence)] + [
        Event.objects.using("trail").count()
    ]


def test_seeding_twice_changes_nothing_and_writes_the_same(seed):
    first, after_first = seed("first.json"), counted()
    second, after_second = seed("second.json"), counted()
    assert first == second
    assert after_first == after_second
    assert sorted(Evidence.objects.values_list("state", flat=True)) == ["confirmed", "submitted"]
    assert {row["username"] for row in first["logins"] if "username" in row} == {
        who.username for who in STAFF
    }
    assert len(first["patients"]) == len(PATIENTS)
    assert all(row["totp_secret"] for row in first["logins"] if row["role"] != "patient")
    assert not User.objects.filter(is_demo=False).exists()


def test_the_children_and_the_elders_are_there_as_the_hospital_knows_them(seed):
    world = seed("demo.json")
    child = next(row for row in world["patients"] if row["relation"] == "child")
    link = Patient.objects.get(public_id=child["public_id"]).links.get()
    assert link.is_guardian
    known = Patient.objects.filter(person__isnull=False).count()
    assert 0 < known <= len(PATIENTS)


def test_production_refuses(seed):
    with pytest.raises(subprocess.CalledProcessError):
        seed("demo.json", DEPLOYMENT="production")
    assert not User.objects.exists()
