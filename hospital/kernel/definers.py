"""Functions of the owner that runtime may call: the one way in which kept rows ever go.

What the runtime role may not do by itself (it has no DELETE, and triggers stand in the way) it
asks of a function that a migration made as the owner. The function itself decides whether a term
is over, so whoever can call it can do nothing before its time.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import migrations

from hospital.kernel.roles import runtime

# `rows` that went, `last` row looked at (the next call's `after`; null: there is none), `files`
# whose bytes are to go now.
RETURNS: Final = "TABLE (rows bigint, last bigint, files uuid[])"
ARGUMENTS: Final = "at timestamptz, after bigint, most integer"
_PURGE: Final = """
CREATE OR REPLACE FUNCTION {name}({arguments}) RETURNS {returns}
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $body$
DECLARE
    due timestamptz := LEAST(at, clock_timestamp());  -- a caller's clock may be behind, never ahead
    gone bigint := 0;
    n bigint;
    seen bigint;
    bytes uuid[] := '{{}}';
    more uuid[];
    r record;
    v record;
BEGIN
    -- for these tables alone, and switched off again below; an error undoes it too
    PERFORM set_config('pgtrigger.ignore', (
        SELECT array_agg(tgname)::text FROM pg_trigger
        WHERE NOT tgisinternal AND tgrelid = ANY (ARRAY[{tables}]::regclass[])), true);
{body}
    PERFORM set_config('pgtrigger.ignore', '{{}}', true);
    RETURN QUERY SELECT gone, seen, bytes;
END
$body$
"""


def purge(name: str, *, tables: Sequence[str], body: str) -> migrations.RunPython:
    """Make the purging function `name(at, after, most)`; of all, runtime alone may call it.

    `body` deletes from `tables`, adds to `gone` and `bytes`, sets `seen`, and asks for terms
    against `due`. It locks what it looks at first and asks again afterwards: each statement sees
    what others committed before it.
    """
    named = ", ".join(f"'{table}'" for table in tables)

    def apply(_apps: Any, editor: Any) -> None:
        sql = _PURGE.format(
            name=name, arguments=ARGUMENTS, returns=RETURNS, tables=named, body=body
        )
        editor.execute(sql)
        signature = f"{name}(timestamptz, bigint, integer)"
        editor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        editor.execute(f'GRANT EXECUTE ON FUNCTION {signature} TO "{runtime()}"')

    return migrations.RunPython(apply, migrations.RunPython.noop)
