"""Who is tried at a door, on what, and how it is asked: the machinery of the matrix.

`tests/doors/rows/` holds a row for every door with an object or a body; here is what a row says,
how a door is knocked at, and a digest by which a refused try proves that it changed nothing.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import encode_multipart

from hospital.accounts import services as accounts
from hospital.accounts.access import ENTRIES
from hospital.accounts.doors import Door
from hospital.accounts.models import User
from hospital.accounts.roles import ANYONE, SIGNED_IN
from hospital.kernel.clock import database_now
from tests.doors.world import World

Body = Mapping[str, Any] | Callable[[World], Mapping[str, Any]] | None


@dataclass(frozen=True)
class Try:
    """One way of going through a door lawfully, and who is turned away on the same object.

    People and things are ways into the world (`open.doctor.user`). `on` stands for the parameters
    of the address, in order; `=word` is the word itself.
    """

    right: str
    on: tuple[str, ...] | str = ()
    body: Body = None
    query: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()  # hold the role and not the object: 404, as if it were missing
    refused: tuple[str, ...] = ()  # may see the object and not take the step: 403
    foreign: str = ""  # one of the same kind that is not the right person's
    names: Mapping[str, str] = field(default_factory=dict)  # body field: somebody else's object
    family: bool = False  # a relative with a link gets through, until the link ends
    says: int = 0  # the status that is lawful here; 0 is whatever lies under 400

    @property
    def things(self) -> tuple[str, ...]:
        return (self.on,) if isinstance(self.on, str) else self.on


_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
_CHOICE = re.compile(r"\^?\(\?P<\w+>(\w+)[^)]*\)(.*)\$")  # Django's own still has one
_KEYS = {"object_id"}  # which the back office calls by their number


def parameters(door: Door) -> list[str]:
    return [name for _kind, name in _PARAMETER.findall(_plain(door))]


def _plain(door: Door) -> str:
    return _CHOICE.sub(r"\1\2", door.where)


def address(world: World, door: Door, things: tuple[str, ...]) -> str:
    """The door's address with the ids of these things in it."""
    found = iter(things)

    def fill(match: re.Match[str]) -> str:
        way = next(found)
        if way.startswith("="):
            return way[1:]
        thing = world.of(way)
        return str(thing.pk if match.group(2) in _KEYS else thing.public_id)

    return _PARAMETER.sub(fill, _plain(door))


def nowhere(door: Door) -> str:
    """The door's address with an object that does not exist."""
    made_up = {"uuid": lambda: str(uuid4()), "path": lambda: "99999999", "int": lambda: "99999999"}
    return _PARAMETER.sub(lambda m: made_up.get(m.group(1), lambda: "x")(), _plain(door))


def body_of(world: World, body: Body) -> dict[str, Any]:
    return dict(body(world) if callable(body) else body or {})


_client = Client()
_FORM = "multipart/form-data; boundary=BoUnDaRyStRiNg"


def knock(
    world: World,
    who: User | None,
    door: Door,
    where: str,
    body: Mapping[str, Any] | None = None,
    *,
    query: Mapping[str, str] | None = None,
    accept: str = "application/json",
    raw: bytes | None = None,
    stale: bool = False,
    **headers: str,
) -> HttpResponse:
    """Ask as `who` (None is a stranger), with nothing remembered from the last time."""
    _client.cookies.clear()
    if who is not None:
        _client.cookies[settings.SESSION_COOKIE_NAME] = (world.stale if stale else world.keys)[
            who.pk
        ]
    data, kind = b"", "application/octet-stream"
    if door.method not in ("GET", "DELETE"):
        data, kind = _written(door, body or {})
    if raw is not None:
        data, kind = raw, "application/json"
    if query and "QUERY_STRING" not in headers:
        headers["QUERY_STRING"] = urlencode({n: _asked(world, way) for n, way in query.items()})
    return _client.generic(door.method, where, data, kind, HTTP_ACCEPT=accept, **headers)


def _asked(world: World, way: str) -> str:
    return way[1:] if way.startswith("=") else str(world.of(way).public_id)


def is_json(door: Door) -> bool:
    return door.where.startswith("/api/") and door.where != "/api/v1/files"


def _written(door: Door, body: Mapping[str, Any]) -> tuple[bytes, str]:
    if is_json(door):
        return json.dumps(body, default=str).encode(), "application/json"
    return encode_multipart("BoUnDaRyStRiNg", body), _FORM


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TOKEN = re.compile(r"\b\w{64}\b")  # against forgery, another in every answer


def said(answer: HttpResponse) -> tuple[int, str]:
    """Status and body; the address itself, ids and tokens apart."""
    text = answer.content.decode(errors="replace").replace(answer.wsgi_request.path, "(here)")
    text = _UUID.sub("(id)", text)
    return answer.status_code, _TOKEN.sub("(token)", text)


# --- who ---------------------------------------------------------------------------------------
_USUAL = {"patient": "wang", "doctor": "waiting.doctor.user", "pharmacist": "luo.user"}


def usual(world: World, role: str) -> User:
    """Somebody of this role with things of their own."""
    return world.of(_USUAL[role]) if role in _USUAL else world.of(f"some_{role}")


def outside(door: Door) -> list[str]:
    """The roles that do not pass this door."""
    roles = ENTRIES[door.entry or ""].roles
    return [] if ANYONE in roles else sorted(SIGNED_IN - roles)


def leave_the_roles(world: World, who: User, roles: Set[str]) -> None:
    """`who` holds none of these any more, by decision of a security administrator."""
    for role in sorted(roles & set(who.roles)):
        by = world.of("second_security" if role == "security_admin" else "some_security_admin")
        accounts.revoke(who, role, by=by, at=database_now(), why="离开岗位")


# --- what stays as it was ----------------------------------------------------------------------
@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside has not happened afterwards."""
    around = transaction.atomic()
    around._from_testcase = True  # what calls outward asks whether the test's own is the only one
    with around:
        yield
        transaction.set_rollback(True)


# What may move when somebody only asks, and why.
ACTIVITY = {"accounts_sitting": ("seen_at", "idle_at")}  # the session is kept awake
_TRAIL = "audit_"  # every try leaves its line there
_COUNTERS = {"accounts_guess"}  # how often something was tried outlives its refusal


@cache
def _digest_sql() -> str:
    tables = sorted({m._meta.db_table for m in apps.get_models(include_auto_created=True)})
    parts = []
    for table in tables:
        if table.startswith(_TRAIL) or table in _COUNTERS:
            continue
        moving = "".join(f" - '{column}'" for column in ACTIVITY.get(table, ()))
        each = f"hashtext((to_jsonb(t){moving})::text)" if moving else "t.xmin::text::bigint"
        parts.append(f"SELECT '{table}', count(*), coalesce(sum({each}), 0) FROM \"{table}\" t")
    return " UNION ALL ".join(parts)


def digest() -> dict[str, tuple[int, int]]:
    """For each table how many rows, and by which transactions they were written.

    The trail and the counters are apart. An update writes a row anew, under the number of another
    transaction; a lock does not.
    """
    with connection.cursor() as cursor:
        cursor.execute(_digest_sql())
        return {table: (count, total) for table, count, total in cursor.fetchall()}


def moved(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [table for table in before if before[table] != after[table]]
