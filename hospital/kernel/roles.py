"""Three database roles, and what each may touch.

Owner migrates; runtime (`default`) is the platform; auditor (`trail`) reads the trail and drains
the feeds. The role names are those of the three connection addresses. Grants stand in
migrations, made with the operations below, so a test database has them as production does.
"""

from typing import Any

from django.conf import settings
from django.db import migrations


class Router:
    """Tables are made through `owner` alone; audit's own writers choose `trail` explicitly."""

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == "owner"

    def allow_relation(self, _first: Any, _second: Any, **_hints: Any) -> bool:
        return True


def runtime() -> str:
    return str(settings.DATABASES["default"]["USER"])


def auditor() -> str:
    return str(settings.DATABASES["trail"]["USER"])


def grant(table: str, *, to_runtime: str = "", to_auditor: str = "") -> migrations.RunPython:
    """Replace all rights on `table` by the ones named, e.g. `to_runtime="INSERT, SELECT (id)"`.

    By default (see `hospital/embedded/roles.sql`) runtime may do all and auditor nothing.
    """

    def apply(_apps: Any, editor: Any) -> None:
        editor.execute(f'REVOKE ALL ON "{table}" FROM "{runtime()}", "{auditor()}"')
        for role, rights in ((runtime(), to_runtime), (auditor(), to_auditor)):
            if rights:
                editor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')
                if "INSERT" in rights:
                    _grant_sequence(editor, table, role)

    return migrations.RunPython(apply, migrations.RunPython.noop)


def _grant_sequence(editor: Any, table: str, role: str) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, attname) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = 'id'",
            [table, table],
        )
        (sequence,) = cursor.fetchone() or (None,)
    if sequence:
        editor.execute(f'GRANT USAGE ON SEQUENCE {sequence} TO "{role}"')
