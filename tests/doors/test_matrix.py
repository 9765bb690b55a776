"""Every door, tried by everybody: who has no right to it, and beside each who has."""

import re

import pytest
from django.db import connection
from drf_spectacular.generators import SchemaGenerator

from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import Door, every_door
from hospital.accounts.models import User
from hospital.accounts.roles import ANYONE
from hospital.kernel.clock import database_now
from patients.models import Link
from tests.doors.matrix import (
    Try,
    address,
    body_of,
    digest,
    knock,
    leave_the_roles,
    moved,
    nowhere,
    outside,
    parameters,
    said,
    undone,
    usual,
)
from tests.doors.rows import NO_OBJECT, ROWS
from tests.doors.world import World, world  # noqa: F401 - a fixture

EVERY = [door for door in every_door() if door.kind == "route"]
BY_NAME = {door.name: door for door in EVERY}
NEED = {door.name for door in EVERY if parameters(door) or door.method != "GET"}
DOORS = [door for door in EVERY if door.name in ROWS or door.name not in NEED]
CLOSED = [door for door in DOORS if outside(door)]
PLAIN, PAGE = "application/json", "text/html"
called = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
closed = pytest.mark.parametrize("door", CLOSED, ids=lambda door: door.name)
rows = pytest.mark.parametrize(
    ("door", "row"),
    [(BY_NAME[name], row) for name, tries in ROWS.items() if name in BY_NAME for row in tries],
    ids=lambda each: each.name if isinstance(each, Door) else each.right or "anyone",
)


def tries_at(world: World, door: Door) -> tuple[Try, ...]:
    """Its rows; a door without object or body is simply opened by whoever holds its role."""
    return ROWS.get(door.name) or (Try(_usual_name(door)),)


def _usual_name(door: Door) -> str:
    roles = ENTRIES[door.entry].roles
    if ANYONE in roles:
        return ""
    own = {"patient": "wang", "doctor": "waiting.doctor.user", "pharmacist": "luo.user"}
    own |= {"it": "some_it"}  # sees something in every corner of the back office
    role = next((each for each in own if each in roles), "")
    return own[role] if role else f"some_{sorted(roles)[0]}"


def whom(world: World, way: str) -> User | None:
    return world.of(way) if way else None


def ask(world: World, who: User | None, door: Door, row: Try, where: str = "", **more):
    where = where or address(world, door, row.things)
    given = body_of(world, row.body) | more.pop("instead", {})
    return knock(world, who, door, where, given, query=row.query, **more)


def voices(door: Door) -> tuple[str, ...]:
    """As programs ask and as people do; the JSON doors speak JSON alone."""
    return (PLAIN,) if door.where.startswith("/api/") else (PLAIN, PAGE)


# --- nobody forgets a door ---------------------------------------------------------------------
def test_every_door_with_an_object_or_a_body_has_its_row():
    assert sorted(NEED - set(ROWS)) == [], "add a row in tests/doors/rows/"
    assert sorted(set(ROWS) - set(BY_NAME)) == [], "rows of doors that are gone"
    for name, tries in ROWS.items():
        for row in tries:
            assert len(row.things) == len(parameters(BY_NAME[name])), name


def test_every_id_in_a_body_is_tried_with_somebody_elses():
    described = SchemaGenerator().get_schema(request=None, public=True)
    for door in DOORS:
        if not door.where.startswith("/api/v1/") or door.name not in ROWS:
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", door.where)
        operation = described["paths"][path][door.method.lower()]
        asked = {name for name in ids_in(described, operation) if name not in NO_OBJECT}
        tried = {name for row in ROWS[door.name] for name in row.names}
        assert asked == tried, door.name


def ids_in(described, operation) -> set[str]:
    """The fields of the body, and those inside them, that hold a UUID."""
    content = operation.get("requestBody", {}).get("content", {})
    return {name for shape in content.values() for name in _ids(described, shape["schema"], "")}


def _ids(described, shape, within):
    if "$ref" in shape:
        shape = described["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for inner in shape.get("allOf", []) + shape.get("oneOf", []):
        yield from _ids(described, inner, within)
    if shape.get("format") == "uuid":
        yield within.rstrip(".")
    if "items" in shape:
        yield from _ids(described, shape["items"], within)
    for name, each in shape.get("properties", {}).items():
        yield from _ids(described, each, f"{within}{name}.")


# --- who gets through --------------------------------------------------------------------------
@called
def test_who_may_gets_through(world, door):
    for row in tries_at(world, door):
        people = [row.right, *(["lina"] if row.family and row.right != "lina" else [])]
        for way in people:
            with undone():
                answer = ask(world, whom(world, way), door, row, accept=voices(door)[-1])
                status = answer.status_code
                fits = status == row.says if row.says else status < 400
                assert fits, (way or "anyone", said(answer))
                if way and status == 302:
                    assert not answer["Location"].startswith("/sign-in/"), way


# --- who does not ------------------------------------------------------------------------------
@closed
def test_strangers_and_every_wrong_role_are_turned_away_and_change_nothing(world, door):
    for row in tries_at(world, door)[:1]:  # the gate asks before the object
        with undone():
            before = digest()
            stranger = ask(world, None, door, row)
            assert (stranger.status_code, stranger.json()["code"]) == (401, "sign-in")
            if not door.where.startswith("/api/"):
                page = ask(world, None, door, row, accept=PAGE)
                assert (page.status_code, page["Location"][:9]) == (302, "/sign-in/")
            for role in outside(door):
                answer = ask(world, usual(world, role), door, row)
                assert (answer.status_code, answer.json()["code"]) == (403, "not-allowed"), role
            assert not moved(before, digest())


@closed
def test_whoever_was_just_disabled_or_lost_the_role_is_turned_away(world, door):
    for row in tries_at(world, door):
        who = world.of(row.right)
        with undone():
            User.objects.filter(pk=who.pk).update(is_active=False)
            before = digest()
            assert ask(world, who, door, row).status_code == 401
            assert not moved(before, digest())
        if who.username:  # a patient is one for good
            with undone():
                leave_the_roles(world, who, ENTRIES[door.entry].roles)
                before = digest()
                assert ask(world, who, door, row).status_code == 403
                assert not moved(before, digest())


FRESH = [door for door in CLOSED if ENTRIES[door.entry].fresh]


@pytest.mark.parametrize("door", FRESH, ids=lambda door: door.name)
def test_whoever_has_not_just_proved_themselves_is_asked_to_first(world, door):
    for row in tries_at(world, door):
        with undone():
            before = digest()
            answer = ask(world, world.of(row.right), door, row, stale=True)
            assert (answer.status_code, answer.json()["code"]) == (403, "step-up")
            assert not moved(before, digest())


# --- on which objects --------------------------------------------------------------------------
@rows
def test_the_objects_of_others_are_as_missing_as_those_that_do_not_exist(world, door, row):
    with undone():
        before = digest()
        for way in row.wrong:
            who = world.of(way)
            for accept in voices(door) if way == row.wrong[0] else (PLAIN,):
                foreign = said(ask(world, who, door, row, accept=accept))
                assert foreign[0] == 404, way
                if row.things:
                    missing = said(ask(world, who, door, row, nowhere(door), accept=accept))
                    assert foreign == missing, way
        for way in row.refused:
            assert ask(world, world.of(way), door, row).status_code == 403, way
        if row.foreign:
            there = address(world, door, (*row.things[:-1], row.foreign))
            for accept in voices(door):
                foreign = said(ask(world, world.of(row.right), door, row, there, accept=accept))
                missing = said(
                    ask(world, world.of(row.right), door, row, nowhere(door), accept=accept)
                )
                assert foreign == missing
                assert foreign[0] == 404
        assert not moved(before, digest())


@rows
def test_an_id_in_a_body_opens_nothing_of_others(world, door, row):
    for field, way in row.names.items():
        with undone():
            before = digest()
            foreign = ask(
                world, world.of(row.right), door, row, instead={field: world.of(way).public_id}
            )
            missing = ask(world, world.of(row.right), door, row, instead={field: NO_ID})
            assert said(foreign) == said(missing)
            lawful = (400, 404) if door.where.startswith("/api/") else (404, 422)
            assert foreign.status_code in lawful, said(foreign)
            assert '"malformed"' not in said(foreign)[1]
            assert not moved(before, digest())


NO_ID = "00000000-0000-4000-8000-000000000000"


@rows
def test_a_relative_whose_link_ended_finds_nothing(world, door, row):
    if not row.family:
        return
    with undone():
        Link.objects.filter(pk=world.family.pk).update(ended_at=database_now())
        before = digest()
        assert ask(world, world.lina, door, row).status_code == 404
        assert not moved(before, digest())


# --- the controls of the test itself -----------------------------------------------------------
def test_the_digest_sees_an_insert_an_update_and_a_delete_and_no_lock(world):
    for change, seen in (
        ("UPDATE accounts_user SET name = name WHERE id = %s", ["accounts_user"]),
        ("UPDATE accounts_sitting SET seen_at = now() WHERE user_id = %s", []),
        ("UPDATE accounts_sitting SET agent = 'x' WHERE user_id = %s", ["accounts_sitting"]),
        ("DELETE FROM accounts_sitting WHERE user_id = %s", ["accounts_sitting"]),
        ("SELECT 1 FROM accounts_user WHERE id = %s FOR UPDATE", []),
    ):
        with undone():
            before = digest()
            with connection.cursor() as cursor:
                cursor.execute(change, [world.wang.pk])
            assert moved(before, digest()) == seen


def test_the_matrix_is_not_empty(world):
    assert len(DOORS) > 150
    assert sum(len(row.wrong) for tries in ROWS.values() for row in tries) > 150
    assert sum(row.family for tries in ROWS.values() for row in tries) > 30
