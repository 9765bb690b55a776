"""One queue of many kinds: a query for each, merged by time, paged by key, never counted whole."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from admin_portal.inbox.frame import Kind, Words
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused

SIZE: Final = 30
Key = tuple[datetime, str, int]


@dataclass(frozen=True)
class Entry:
    kind: Kind
    row: Any

    @property
    def at(self) -> datetime:
        return getattr(self.row, self.kind.asked_at)  # type: ignore[no-any-return]

    @property
    def key(self) -> Key:
        return self.at, self.kind.name, self.row.pk

    @property
    def title(self) -> Words:
        return self.kind.title(self.row)

    @property
    def url(self) -> str:
        return self.kind.url(self.row)


def queue(
    user: User, at: datetime, kinds: Sequence[Kind], *, after: Key | None = None, size: int = SIZE
) -> tuple[list[Entry], str | None]:
    """What waits for this person, oldest first, and where the next page begins.

    One query for each kind, each no longer than the page.
    """
    found = [_some(kind, kind.rows(user, at), after, size + 1) for kind in kinds]
    rows = list(islice(heapq.merge(*found, key=lambda entry: entry.key), size + 1))
    more = len(rows) > size
    return rows[:size], _written(rows[size - 1].key) if more else None


def count(user: User, at: datetime, kinds: Sequence[Kind], *, most: int) -> int:
    """How many wait, counted no further than `most` for each kind."""
    return sum(kind.rows(user, at).order_by()[:most].count() for kind in kinds)


def key_of(text: str) -> Key:
    """What the page before gave as its end."""
    moment, _sep, rest = text.partition("~")
    name, _sep, pk = rest.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise ValueError(text)
        return at, name, int(pk)
    except ValueError:
        raise Refused(_("翻页的位置不对，请从第一页看起。"), code="cursor-malformed") from None


def _written(key: Key) -> str:
    at, name, pk = key
    return f"{at.isoformat()}~{name}~{pk}"


def _some(kind: Kind, rows: QuerySet[Any], after: Key | None, most: int) -> list[Entry]:
    if after is not None:
        rows = rows.filter(_behind(kind, after))
    return [Entry(kind, row) for row in rows.order_by(kind.asked_at, "pk")[:most]]


def _behind(kind: Kind, after: Key) -> Q:
    """What follows `after`: later, or at the same moment further on in the order of kinds."""
    at, name, pk = after
    later = Q(**{f"{kind.asked_at}__gt": at})
    if kind.name < name:
        return later
    same = Q(**{kind.asked_at: at})
    return later | (same if kind.name > name else same & Q(pk__gt=pk))
