"""What people type into searches and addresses is a value, never a part of the question."""

import pytest
from django.test import Client

from hospital.accounts import services
from hospital.accounts.doors import every_door
from tests import make
from tests.conftest import NOON
from tests.make import sitting_of

pytestmark = pytest.mark.django_db

HOSTILE = (
    "id;--",
    "' OR 1=1 --",
    "%' UNION SELECT 1 --",
    "\\",
    "%",
    "_",
    "{{1234*5678}}",
    "${1234*5678}",
    "{% debug %}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\x00",
    "\u202e",
    "１' or '１'='１",
    "9" * 400,
)
NAMES = ("q", "after")
ODD_NAMES = ("department", "order", "owner__password__startswith", "_connector")
ASKED = [(n, w) for n in NAMES for w in HOSTILE] + [(n, HOSTILE[1]) for n in ODD_NAMES]
LISTS = [
    door.name.removeprefix("GET ")
    for door in every_door()
    if door.kind == "route"
    and door.method == "GET"
    and door.name.startswith("GET /api/")
    and "<" not in door.name
]


@pytest.mark.parametrize("role", ["doctor", "pharmacist", "patient"])
def test_a_hostile_word_gets_a_plain_answer(role):
    client = _client(role)
    for path in LISTS:
        for name, word in ASKED:
            answer = client.get(path, {name: word})
            assert answer.status_code < 500, f"{path}?{name}={word!r}"
            assert b"7006652" not in answer.content


def test_a_search_for_everything_finds_no_more_than_a_search_for_nothing():
    """`%` and `_` are letters here, not wildcards."""
    make.doctor()
    for word in ("%", "_", "%%", "陈_远", "' OR 1=1 --"):
        assert Client().get("/api/v1/doctors", {"q": word}).json()["rows"] == []
    assert len(Client().get("/api/v1/doctors", {"q": "陈思远"}).json()["rows"]) == 1


def _client(role: str) -> Client:
    if role == "patient":
        return sitting_of(services.register_patient("13800006620", at=NOON))
    return sitting_of(make.staff(f"some-{role}", role))
