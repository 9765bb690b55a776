"""Reads events as their leaves' texts, thousands at a time, straight from COPY."""

from types import SimpleNamespace
from typing import Final

from django.db import connections

from audit.proofs import leaves

# In the order of `leaves.FIELDS`; nothing here may depend on a setting of the session.
_COLUMNS: Final = {
    "version": f"'{leaves.VERSION}'",
    "id": "e.id",
    "xid": "e.xid",
    "at": "(extract(epoch FROM e.at) * 1000000)::bigint",
    "ip": "host(e.ip)",
    "facts": "e.facts::text",
}
TEXT: Final = ", ".join(_COLUMNS.get(name, f"e.{name}") for name in leaves.FIELDS)


def copied(query: str) -> list[bytes]:
    """The rows of a query as lines of COPY text, without their newlines, as the auditor."""
    lines: list[bytes] = []
    with connections["trail"].cursor() as cursor:
        cursor.copy_expert(f"COPY ({query}) TO STDOUT", SimpleNamespace(write=lines.append))
    return [line[:-1] for line in lines]


def text_of(event: int) -> str | None:
    """The leaf's text of one event; None where there is no such event."""
    found = copied(f"SELECT {TEXT} FROM audit_event e WHERE e.id = {int(event)}")  # noqa: S608
    return found[0].decode() if found else None
