"""Deny by default: a walk over every route, socket command and task of the platform."""

import re
from uuid import uuid4

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from admin_portal.management.commands.draw import PAGES
from hospital.accounts.access import ENTRIES, TABLE
from hospital.accounts.doors import every_door
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.access import door as door_of
from hospital.kernel.gate import Gate
from tests import make
from tests.databases import ROOT

pytestmark = pytest.mark.django_db

DOORS = list(every_door())
ROUTES = [door for door in DOORS if door.kind == "route"]
OTHERS = [door for door in DOORS if door.kind != "route"]
ADDRESSING = {door.entry for door in DOORS if "<uuid:" in door.where or "<path:" in door.where}


def address_of(door) -> str:
    """The door's address with some made-up object in it."""
    where = re.sub(r"^\w* ", "", door.name)
    where = re.sub(r"\^?\(\?P<\w+>([\w-]+)[^)]*\)", r"\1", where).replace("$", "").replace("\\", "")
    made_up = {"uuid": str(uuid4()), "int": "1", "path": "x", "slug": "x", "str": "x"}
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: made_up[m.group(1) or "str"], where)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_every_door_names_an_entry_of_the_access_table(door):
    assert door.entry in ENTRIES, f"{door.name} has no entry in hospital/accounts/access.py"


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_entry_says_why_and_on_which_objects(entry):
    assert entry.why, "say what it is needed for: care, law, review …"
    assert entry.rule or entry.name not in ADDRESSING, "say which objects: whose, in which relation"


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_every_entry_is_carried_by_a_door(entry):
    assert entry.name in {door.entry for door in DOORS}


def test_the_methods_of_a_door_are_those_it_answers():
    methods = {(door.where, door.method) for door in ROUTES}
    drawer, callback = "/prescribe/<uuid:public_id>/", "/callbacks/wechat"
    assert {m for where, m in methods if where == drawer} == {"GET", "POST"}
    assert {m for where, m in methods if where == callback} == {"POST"}
    assert {m for where, m in methods if where == "/api/v1/session"} == {"GET", "DELETE"}


def somebody(role: str) -> User:
    if role == Role.PATIENT:
        return User.objects.create(phone="13900009999", roles=[role], password="!")
    return make.staff(f"some-{role}", role)


def test_the_doors_table_is_not_empty():
    assert len(ROUTES) > 20
    assert len(OTHERS) > 3


def test_a_view_without_an_entry_lets_nobody_in():
    """The control: forget the entry, and the gate answers as if there were no such page."""
    forgotten = RequestFactory().get("/forgotten/")
    forgotten.user = somebody(Role.PATIENT)
    forgotten.session = {}
    gate = Gate(lambda request: HttpResponse("in"))
    with pytest.raises(Http404):
        gate.process_view(forgotten, lambda request: HttpResponse("in"), (), {})
    known = door_of("home.me")(lambda request: HttpResponse("in"))
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
