"""What a leaf is made of: one event as one line of text, in the tree, in bundles, in receipts.

Version 1 is a row of PostgreSQL's COPY text format: the fields below in this order, parted by tabs,
`\\N` where there is none, with backslash, tab, newline and carriage return escaped by a backslash.
`at` is whole microseconds since 1970 UTC, `facts` the text of a jsonb value; neither depends on a
setting of the session. The leaf's data are the UTF-8 bytes of the line without its newline.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

VERSION: Final = "event/1"
FIELDS: Final = (
    "version",
    "id",
    "xid",
    "at",
    "kind",
    "outcome",
    "actor",
    "role",
    "ip",
    "session",
    "request_id",
    "door",
    "subject",
    "about",
    "stream",
    "before",
    "after",
    "facts",
)
ID, XID, AT = FIELDS.index("id"), FIELDS.index("xid"), FIELDS.index("at")
_ESCAPED: Final = {
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse(text: str) -> dict[str, Any]:
    """The event that a leaf's text tells; ValueError where it is none of this version."""
    values = text.split("\t")
    if len(values) != len(FIELDS) or values[0] != VERSION:
        raise ValueError(f"This is not a leaf of version {VERSION}.")
    told: dict[str, Any] = {
        name: None if value == r"\N" else _unescaped(value)
        for name, value in zip(FIELDS, values, strict=True)
    }
    told["id"], told["xid"] = int(told["id"]), int(told["xid"])
    told["at"] = moment(told["at"])
    told["facts"] = json.loads(told["facts"])
    return told


def moment(microseconds: str) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds))


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    pieces = iter(value.split("\\"))
    found = [next(pieces)]
    for piece in pieces:
        if piece:
            found.append(_ESCAPED.get(piece[0], piece[0]) + piece[1:])
        else:  # an escaped backslash, and what follows up to the next one
            found.append("\\" + next(pieces, ""))
    return "".join(found)
