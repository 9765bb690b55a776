"""Lists page by key: the last page costs what the first does, and nothing is counted.

A cursor is the ordering key of the last row shown. Orders are newest first, by one moment and
the row's id.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from hospital.kernel.refusals import Refused

Row = TypeVar("Row", bound=Model)
SIZE = 20


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str | None  # the cursor of the following page


def page_of(rows: QuerySet[Row], *, by: str, cursor: str | None, size: int = SIZE) -> Page[Row]:
    """One page of `rows`, newest `by` first. `cursor` is what the page before gave as `next`."""
    if cursor:
        at, pk = _read(cursor)
        rows = rows.filter(Q(**{f"{by}__lt": at}) | Q(**{by: at, "pk__lt": pk}))
    found: list[Any] = list(rows.order_by(f"-{by}", "-pk")[: size + 1])
    more = len(found) > size
    found = found[:size]
    return Page(found, f"{getattr(found[-1], by).isoformat()}~{found[-1].pk}" if more else None)


def _read(cursor: str) -> tuple[datetime, int]:
    moment, _sep, pk = cursor.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not (pk.isascii() and pk.isdigit()):
            raise ValueError(cursor)
        return at, int(pk)
    except ValueError:
        raise Refused(_("翻页的位置不对，请从第一页看起。"), code="cursor-malformed") from None
