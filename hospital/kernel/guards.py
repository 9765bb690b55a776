"""Triggers of rows that stand, and the one change that they let through: a new key.

A row that may never change is still sealed anew when the field key is. The owner of the tables
may do that, where nothing but envelopes differs. The owner could drop the trigger anyway, so
nothing is given away; the runtime role is refused as before.
"""

import pgtrigger

# Of the three roles the owner alone may make triggers (`hospital/embedded/grants.sql`).
_OWNER = "has_table_privilege(OLD.tableoid, 'TRIGGER')"


def resealing(*sealed: str) -> str:
    """SQL, true where the owner changes nothing but the encrypted columns named."""
    if not sealed:
        return "FALSE"
    names = "'{" + ",".join(sealed) + "}'::text[]"
    envelopes = " AND ".join(f"coalesce(NEW.{each}, 'v1.') LIKE 'v1.%'" for each in sealed)
    return f"({_OWNER} AND {envelopes} AND to_jsonb(OLD) - {names} = to_jsonb(NEW) - {names})"


def append_only(*sealed: str) -> list[pgtrigger.Trigger]:
    """Rows are added; none is changed or deleted. `sealed` names the encrypted columns."""
    if not sealed:
        both = pgtrigger.Update | pgtrigger.Delete
        return [pgtrigger.Protect(name="append_only", operation=both)]
    return [
        stands(*sealed, name="append_only"),
        pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    ]


def stands(*sealed: str, name: str, where: str = "TRUE") -> pgtrigger.Protect:
    """A row of which `where` (SQL over OLD and NEW) is true is not changed."""
    condition = pgtrigger.Condition(f"(({where}) AND NOT {resealing(*sealed)})")
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update, condition=condition)


def changed(*columns: str) -> str:
    """SQL, true where one of `columns` is being changed. Encrypted ones know no lookups."""
    return " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in columns)
