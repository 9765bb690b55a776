"""What the three database roles may do is what `docs/grants.csv` says, and nothing grew unseen.

`DRAW=1 bin/test tests/doors/test_grants.py` writes the file anew; the difference is what a reviewer
reads. By default (`hospital/embedded/grants.sql`) the platform may do all and the auditor nothing.
"""

import csv
import io
import os

import pytest
from django.db import connection, connections

from hospital.kernel.roles import auditor, runtime
from tests.databases import ROOT

pytestmark = pytest.mark.django_db

FILE = ROOT / "docs" / "grants.csv"
HEAD = ("table", "runtime", "auditor", "triggers")
# Whole tables first; a right on single columns stands with them: `UPDATE (withdrawn_at)`.
RIGHTS = """
    SELECT c.relname, r.rolname, a.privilege_type, ''
    FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT c.relname, r.rolname, a.privilege_type, t.attname
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid,
        aclexplode(t.attacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
"""
TRIGGERS = """
    SELECT c.relname, regexp_replace(t.tgname, '^pgtrigger_|_[0-9a-f]{5}$', '', 'g')
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = 'public'::regnamespace
"""
NEVER = {"TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"}  # those are the owner's


def asked(query, on=connection):
    with on.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def rights(on=connection):
    """Table and role: right and columns (empty: the whole table)."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for table, role, right, column in asked(RIGHTS, on):
        found.setdefault((table, role), {}).setdefault(right, set()).add(column)
    return found


def written(found, table, role):
    return "; ".join(
        right if "" in columns else f"{right} ({', '.join(sorted(columns))})"
        for right, columns in sorted(found.get((table, role), {}).items())
    )


def drawn(on=connection):
    found, guards = rights(on), {}
    for table, name in asked(TRIGGERS, on):
        guards.setdefault(table, set()).add(name)
    lines = io.StringIO(newline="")
    paper = csv.writer(lines, lineterminator="\n")
    paper.writerow(HEAD)
    for table in sorted(on.introspection.table_names()):
        who = (written(found, table, role) for role in (runtime(), auditor()))
        paper.writerow([table, *who, "; ".join(sorted(guards.get(table, ())))])
    return lines.getvalue()


def test_the_grants_are_those_that_are_written_down():
    if os.environ.get("DRAW"):
        FILE.write_text(drawn(), encoding="utf-8")
    said = "see the head of this file for how to write it anew"
    assert drawn().splitlines() == FILE.read_text(encoding="utf-8").splitlines(), said


def test_neither_role_owns_anything_or_holds_what_is_the_owners():
    for (table, role), held in rights().items():
        if role in (runtime(), auditor()):
            assert not NEVER & set(held), (table, role)
    owned = "SELECT count(*) FROM pg_class WHERE relowner IN (SELECT oid FROM pg_roles WHERE "
    owned += f"rolname IN ('{runtime()}', '{auditor()}'))"
    assert asked(owned) == [(0,)]


def test_nobody_else_holds_anything():
    holders = {role for _table, role in rights()}
    owner = {name for (name,) in asked("SELECT DISTINCT tableowner FROM pg_tables "
                                       "WHERE schemaname = 'public'")}  # fmt: skip
    assert holders <= {runtime(), auditor(), *owner}
    public = "SELECT count(*) FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee = 0 "
    assert asked(public + "AND c.relnamespace = 'public'::regnamespace") == [(0,)]


def test_the_trail_is_written_and_never_changed_or_read_by_the_platform():
    """The rows that matter most, said in words beside the file that lists all."""
    held = rights()
    assert set(held["audit_event", runtime()]) == {"INSERT", "SELECT"}
    assert held["audit_event", runtime()]["SELECT"] == {"id", "xid"}
    assert set(held["audit_event", auditor()]) <= {"SELECT"}
    assert set(held["django_migrations", runtime()]) == {"SELECT"}


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    "grown",
    [
        f"GRANT UPDATE ON audit_event TO {runtime()}",
        f"GRANT SELECT (facts) ON audit_event TO {runtime()}",
        f"GRANT SELECT ON patients_patient TO {auditor()}",
        "ALTER TABLE audit_event DISABLE TRIGGER USER",
    ],
)
def test_a_right_that_grew_or_a_guard_that_fell_is_seen(grown):
    """The control."""
    owner = connections["owner"]
    before = drawn(owner)
    with owner.cursor() as cursor:
        cursor.execute(grown)
    assert drawn(owner) != before
