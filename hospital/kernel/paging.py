"""Lists page by key: the last page costs what the first does, and nothing is counted.

A cursor is the ordering key of the last row shown. Orders are newest first, by one moment and
the row's id.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from hospital.kernel.prepared import Prepared
from hospital.kernel.refusals import Refused

Row = TypeVar("Row", bound=Model)
SIZE = 20
_LAST: Final = (1 << 63) - 1  # no row has a higher number


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str | None  # the cursor of the following page


def page_of(rows: QuerySet[Row], *, by: str, cursor: str | None, size: int = SIZE) -> Page[Row]:
    """One page of `rows`, newest `by` first. `cursor` is what the page before gave as `next`."""
    if cursor:
        rows = _below(rows, by, *_read(cursor))
    return _page(list(_newest(rows, by, size)), by, size)


class PreparedPages(Generic[Row]):
    """`page_of` for a list that is leafed through at every turn: see `Prepared`."""

    def __init__(self, build: Callable[..., QuerySet[Row, Any]], *, by: str) -> None:
        self._by = by
        self._first: Prepared[Row] = Prepared(lambda *args: _newest(build(*args), by, SIZE))
        self._after: Prepared[Row] = Prepared(
            lambda at, pk, *args: _newest(_below(build(*args), by, at, pk), by, SIZE)
        )

    def __call__(self, *args: Any, cursor: str | None) -> Page[Row]:
        found = self._after(*_read(cursor), *args) if cursor else self._first(*args)
        return _page(found, self._by, SIZE)


def _below(rows: QuerySet[Row], by: str, at: datetime, pk: int) -> QuerySet[Row]:
    return rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))


def _newest(rows: QuerySet[Row], by: str, size: int) -> QuerySet[Row]:
    """One more than is shown, which tells whether there is another page."""
    return rows.order_by(f"-{by}", "-pk")[: size + 1]


def _page(found: list[Any], by: str, size: int) -> Page[Any]:
    more = len(found) > size
    found = found[:size]
    return Page(found, f"{getattr(found[-1], by).isoformat()}~{found[-1].pk}" if more else None)


def _read(cursor: str) -> tuple[datetime, int]:
    moment, _sep, pk = cursor.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not (pk.isascii() and pk.isdigit()) or int(pk) > _LAST:
            raise ValueError(cursor)
        return at, int(pk)
    except ValueError:
        raise Refused(_("翻页的位置不对，请从第一页看起。"), code="cursor-malformed") from None
