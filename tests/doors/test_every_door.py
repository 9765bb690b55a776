"""Deny by default: a walk over every route, socket command and task of the platform."""

import re
from uuid import uuid4

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from admin_portal.management.commands.draw import PAGES
from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import every_door
from hospital.accounts.models import User
from hospital.accounts.roles import ANYONE, SIGNED_IN, Role
from hospital.kernel.access import door as door_of
from hospital.kernel.gate import Gate
from tests.databases import ROOT
from tests.make import sitting_of

pytestmark = pytest.mark.django_db

DOORS = list(every_door())
ROUTES = [door for door in DOORS if door.kind == "route"]
OTHERS = [door for door in DOORS if door.kind != "route"]
METHODS = ("get", "post", "put", "patch", "delete")
TURNED_AWAY = {302, 401, 403, 404, 405}


def address_of(door) -> str:
    """The door's address with some made-up object in it."""
    where = re.sub(r"^\w* ", "", door.name)
    where = re.sub(r"\^?\(\?P<\w+>([\w-]+)[^)]*\)", r"\1", where).replace("$", "").replace("\\", "")
    made_up = {"uuid": str(uuid4()), "int": "1", "path": "x", "slug": "x", "str": "x"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: made_up[m.group(1) or "str"], where)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_door_names_an_entry_of_the_access_table(door):
    assert door.entry in ENTRIES, f"{door.name} has no entry in hospital/accounts/access.py"


@pytest.mark.parametrize("door", ROUTES, ids=lambda door: door.name)
def test_a_stranger_is_turned_away(door):
    if ANYONE in ENTRIES[door.entry].roles:
        pytest.skip("open to everybody, by its entry")
    for method in METHODS:
        answer = getattr(Client(), method)(address_of(door))
        assert answer.status_code in TURNED_AWAY
        if answer.status_code == 302:
            assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("door", ROUTES, ids=lambda door: door.name)
def test_a_person_without_the_role_is_turned_away(door):
    outside = sorted(SIGNED_IN - ENTRIES[door.entry].roles)
    if not outside:
        pytest.skip("open to everybody who is signed in, by its entry")
    client = sitting_of(somebody(outside[0]))
    answer = getattr(client, door.method.lower())(address_of(door))
    assert answer.status_code == 403


def somebody(role: str) -> User:
    if role == Role.PATIENT:
        return User.objects.create(phone="13900009999", roles=[role], password="!")
    return User.objects.create(username=f"some-{role}", roles=[role], password="!")


def test_the_doors_table_is_not_empty():
    assert len(ROUTES) > 20
    assert len(OTHERS) > 3


def test_a_view_without_an_entry_lets_nobody_in():
    """The control: forget the entry, and the gate answers as if there were no such page."""
    forgotten = RequestFactory().get("/forgotten/")
    forgotten.user = somebody(Role.DOCTOR)
    forgotten.session = {}
    gate = Gate(lambda request: HttpResponse("in"))
    with pytest.raises(Http404):
        gate.process_view(forgotten, lambda request: HttpResponse("in"), (), {})
    known = door_of("home.doctor")(lambda request: HttpResponse("in"))
    assert gate.process_view(forgotten, known, (), {}) is None


def test_an_unknown_address_is_a_404_in_words_and_in_json():
    page = Client().get("/nowhere/")
    assert page.status_code == 404
    assert "没有找到" in page.content.decode() or "找不到" in page.content.decode()
    answer = Client().get("/api/v1/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize("name", PAGES)
def test_what_is_drawn_is_up_to_date(name):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), "run bin/draw"
