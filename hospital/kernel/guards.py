"""Triggers of rows that stand, and the one change that they let through: a new key.

A row that may never change is still sealed anew when the field key is. The owner of the tables
may do that, where nothing but envelopes differs. The owner could drop the trigger anyway, so
nothing is given away; the runtime role is refused as before.
"""

from typing import Final

import pgtrigger
from django.db import models

from hospital.kernel.encrypted import sealed_columns

# Of the three roles the owner alone may make triggers (`hospital/embedded/grants.sql`).
_OWNER: Final = "has_table_privilege(OLD.tableoid, 'TRIGGER')"


class _Forbidden(pgtrigger.Condition):
    """`where` is true, and it is not the owner who changes nothing but encrypted columns."""

    def resolve(self, model: type[models.Model]) -> str:
        columns = [each.name for each in sealed_columns(model)]
        if not columns:
            return f"({self.sql})"
        names = "'{" + ",".join(columns) + "}'::text[]"
        envelopes = " AND ".join(f"coalesce(NEW.{each}, 'v1.') LIKE 'v1.%'" for each in columns)
        same = f"to_jsonb(OLD) - {names} = to_jsonb(NEW) - {names}"
        return f"(({self.sql}) AND NOT ({_OWNER} AND {envelopes} AND {same}))"


def stands(
    *, name: str, where: str = "TRUE", when: pgtrigger.When = pgtrigger.Before
) -> pgtrigger.Protect:
    """A row of which `where` (SQL over OLD and NEW) is true is not changed.

    A table with generated columns asks `After`: only then does PostgreSQL know the whole row.
    """
    return pgtrigger.Protect(
        name=name, operation=pgtrigger.Update, condition=_Forbidden(where), when=when
    )


def append_only() -> list[pgtrigger.Trigger]:
    """Rows with encrypted columns that are added and then neither changed nor deleted."""
    return [
        stands(name="append_only"),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    ]


def append_only_plain() -> list[pgtrigger.Trigger]:
    """The same for rows without encrypted columns: nobody has a reason."""
    both = pgtrigger.Update | pgtrigger.Delete
    return [pgtrigger.Protect(name="append_only", operation=both)]


def changed(*columns: str) -> str:
    """SQL, true where one of `columns` is being changed. Encrypted ones know no lookups."""
    return " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)
