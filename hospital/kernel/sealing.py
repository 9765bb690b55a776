"""A column that stood in plain becomes an encrypted one: the data half of such a migration."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import migrations

from hospital.kernel import ciphers

BATCH: Final = 500
_ENVELOPE: Final = r"^v1\.(aes|sm4)\.[A-Za-z0-9]+\.[A-Za-z0-9_=-]+$"


def seal_existing(model: str, *names: str) -> migrations.RunPython:
    """Seal columns of all rows of `model` ("patients.Patient") that are not sealed yet.

    It stands after the `AlterField` that makes the columns text. Guards of the rows let the owner
    pass, who migrates (`kernel.guards`). Backwards the text stands in plain again.
    """

    def forward(apps: Any, editor: Any) -> None:
        table, label = _of(apps, model)
        for name in names:
            for rows in _batches(editor.connection, table, name, f"!~ '{_ENVELOPE}'"):
                new = [ciphers.seal(t, bound_to=f"{label}.{name}|{uid}") for _pk, uid, t in rows]
                _write(editor.connection, table, name, rows, new)

    def back(apps: Any, editor: Any) -> None:
        table, label = _of(apps, model)
        for name in names:
            for rows in _batches(editor.connection, table, name, f"~ '{_ENVELOPE}'"):
                new = [ciphers.unseal(t, bound_to=f"{label}.{name}|{uid}") for _pk, uid, t in rows]
                _write(editor.connection, table, name, rows, new)

    return migrations.RunPython(forward, back)


def _of(apps: Any, model: str) -> tuple[str, str]:
    meta = apps.get_model(model)._meta
    return meta.db_table, meta.label_lower


def _batches(connection: Any, table: str, name: str, which: str) -> Iterator[list[Any]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id, public_id, "{name}" FROM "{table}"'  # noqa: S608 - names of ours
                f' WHERE id > %s AND "{name}" {which} ORDER BY id LIMIT %s',
                [last, BATCH],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _write(connection: Any, table: str, name: str, rows: list[Any], new: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" t SET "{name}" = v.text'  # noqa: S608 - names of ours
            " FROM unnest(%s::bigint[], %s::text[]) AS v(id, text) WHERE t.id = v.id",
            [[pk for pk, _uid, _text in rows], new],
        )
