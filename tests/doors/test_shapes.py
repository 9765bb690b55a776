"""JSON doors take what they say they take: no field more, no other kind, no key twice, never a 500.

Generated over every JSON door of the matrix, from the description of its body and the body with
which it is lawfully opened.
"""

import json
import re
from functools import cache

import pytest
from django.apps import apps
from drf_spectacular.generators import SchemaGenerator

from tests.doors.matrix import address, body_of, digest, is_json, knock, moved, undone
from tests.doors.test_matrix import DOORS, tries_at, whom
from tests.doors.world import World, world  # noqa: F401 - a fixture

FIELDS = {
    field.name
    for model in apps.get_models()
    if model.__module__.partition(".")[0] != "django"
    for field in model._meta.get_fields()
} | {"id", "pk", "is_superuser", "is_staff", "actor", "by", "at"}


@cache
def described():
    return SchemaGenerator().get_schema(request=None, public=True)


def shape_of(door):
    """The description of the body; None for a door that takes none."""
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", door.where)
    asked = described()["paths"][path][door.method.lower()].get("requestBody")
    return plain(asked["content"]["application/json"]["schema"]) if asked else None


def plain(shape):
    if "$ref" in shape:
        shape = described()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
    for way in ("allOf", "oneOf"):
        if way in shape:
            return plain(next(each for each in shape[way] if each.get("type") != "null"))
    return shape


WRITES = [door for door in DOORS if is_json(door) and door.method in ("POST", "PUT", "PATCH")]
READING = [door for door in WRITES if shape_of(door)]
DEAF = [door for door in WRITES if not shape_of(door)]
LOOKS = [door for door in DOORS if door.method == "GET"]
JSON_LOOKS = [
    door for door in LOOKS if door.where.startswith("/api/") and "schema" not in door.name
]


def called(doors):
    return pytest.mark.parametrize("door", doors, ids=lambda door: door.name)


@pytest.fixture
def ask(world, door):
    """Ask with this body, as whoever may: `ask({...})`, or `ask(raw=b"...")`."""
    row = tries_at(world, door)[0]
    where, who = address(world, door, row.things), whom(world, row.right)
    lawful = body_of(world, row.body)

    def go(change=None, **more):
        query = row.query | more.pop("query", {})
        return knock(world, who, door, where, lawful | (change or {}), query=query, **more)

    go.lawful = lawful
    return go


def text(body):
    return json.dumps(body, default=str).encode()


# --- fields ------------------------------------------------------------------------------------
@called(READING)
def test_no_field_of_any_model_gets_in_that_the_door_does_not_take(door, ask):
    known = set(shape_of(door)["properties"])
    smuggled = dict.fromkeys(FIELDS - known, "x")
    with undone():
        before = digest()
        answer = ask(smuggled)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
        assert set(smuggled) <= set(answer.json()["facts"]["fields"])
        assert not moved(before, digest())


@called(READING)
def test_nor_into_what_lies_inside(door, ask):
    for name, shape in shape_of(door)["properties"].items():
        inner = plain(plain(shape).get("items", {}))
        if "properties" not in inner:
            continue
        first = (ask.lawful.get(name) or [{}])[0]
        with undone():
            answer = ask({name: [first | {"smuggled": "x"}]})
            assert answer.status_code == 400
            assert "smuggled" in json.dumps(answer.json()["facts"])


# --- kinds -------------------------------------------------------------------------------------
WRONG = {
    "string": ([], {}, True, ["x"], {"x": 1}),
    "integer": ("x", True, 1.5, [], {}, None, "１"),
    "boolean": ("maybe", 7, [], {}, "是"),
    "array": ("x", {}, True, 7),
    "object": ("x", [], True, 7),
    "number": (True, [], {}, "1e3", "NaN", "１"),
}
ODD = ("\0", "\ud800", "x" * 300_000, 10**400, -1, 1e308, "﷽" * 100, None, "", [[]] * 9)


@called(READING)
def test_a_value_of_another_kind_is_malformed(door, ask):
    with undone():
        before = digest()
        for name, shape in shape_of(door)["properties"].items():
            for value in wrong_for(plain(shape)):
                answer = ask({name: value})
                assert answer.status_code == 400, (name, value)
        assert not moved(before, digest())


def wrong_for(shape):
    kind = shape.get("type", "string")
    kind = next(each for each in kind if each != "null") if isinstance(kind, list) else kind
    assert kind in WRONG, shape
    wrong = WRONG[kind]
    return [value for value in wrong if value is not None or "nullable" not in shape]


@called(READING)
def test_an_odd_value_breaks_nothing(door, ask):
    for name in shape_of(door)["properties"]:
        for value in ODD:
            with undone():
                assert ask({name: value}).status_code < 500, (name, str(value)[:20])


@called(READING)
def test_a_body_that_is_no_object_is_malformed(door, ask):
    first = next(iter(shape_of(door)["properties"]))
    twice = f'{{"{first}": 1, "{first}": 1}}'.encode()
    with undone():
        before = digest()
        deep = b"[" * 100 + b"]" * 100
        for raw in (b"[]", b"[{}]", b"null", b"5", b'"x"', b"{", b"\xff", deep, twice):
            assert ask(raw=raw).status_code == 400, raw
        assert ask(raw=b'"' + b"x" * 300_000 + b'"').status_code == 413
        assert ask(raw=b'{"%s": NaN}' % first.encode()).status_code == 400
        assert not moved(before, digest())


@called(READING)
def test_a_form_is_no_json(world, door, client):
    row = tries_at(world, door)[0]
    with undone():
        if who := whom(world, row.right):
            client.cookies["sid"] = world.keys[who.pk]
        answer = client.generic(
            door.method,
            address(world, door, row.things),
            b"a=1",
            "application/x-www-form-urlencoded",
        )
        assert answer.status_code == 415


@called(DEAF)
def test_a_door_that_takes_no_body_does_not_even_read_one(door, ask):
    with undone():
        status = ask().status_code
    with undone():
        assert ask(raw=b'{"state": "paid", "state": ').status_code == status


# --- the address -------------------------------------------------------------------------------
QUEER = ("x", "9" * 30, "00000000-0000-0000-0000-000000000000", "-1", "1e9", "%'\"<")
ASKED = ("after", "q", "department", "only", "stream", "why", "patient", "by", "at", "after_seq")


@called(LOOKS)
def test_an_odd_question_breaks_nothing(door, ask):
    for turn in (0, 1):
        asked = {name: f"={QUEER[(turn + n) % len(QUEER)]}" for n, name in enumerate(ASKED)}
        with undone():
            assert ask(query=asked).status_code in {200, 302, 400, 404}, asked


@called(JSON_LOOKS)
def test_a_question_asked_twice_is_malformed(door, ask):
    with undone():
        answer = ask(QUERY_STRING="after=1&after=2")
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_it_is_generated_over_many():
    assert len(READING) > 20
    assert len(DEAF) >= 5
    assert len(FIELDS) > 150
