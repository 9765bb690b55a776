"""What each room has of a patient: for the copy that patients ask for, and for sealed lists.

A room registers sections. A section gives its rows one by one, so that the longest history fits
into little memory. A row is plain data (what `kernel.canonical` takes) with an `id` that is its
own for ever, and the `visit` where it belongs to one; a `file` names a picture to be added.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from hospital.accounts.models import User
from patients.models import Patient

FORM: Final = "export/1"  # changes whenever the meaning of a field does
CHUNK: Final = 200  # rows read at once
Row = Mapping[str, Any]
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class Asking:
    """Whose data, and for which account: a guardian's own account is not the child's data."""

    patient: Patient
    account: User | None = None  # None: for a sealed list
    is_own: bool = False  # the account is the patient's own


@dataclass(frozen=True)
class Section:
    name: str
    title: str | Promise
    labels: Mapping[str, str | Promise]  # what a reader sees of a row, in this order
    collect: Callable[[Asking], Iterable[Row]]
    is_record: bool = True  # of the patient, not of the account; such stand on sealed lists


_sections: dict[str, Section] = {}


def register(
    name: str,
    *,
    title: str | Promise,
    labels: Mapping[str, str | Promise],
    collect: Callable[[Asking], Iterable[Row]],
    is_record: bool = True,
) -> None:
    add(Section(name, title, labels, collect, is_record))


def add(section: Section) -> None:
    _sections[section.name] = section


def sections() -> tuple[Section, ...]:
    return tuple(_sections.values())


def one_by_one(rows: QuerySet[Found]) -> Iterator[Found]:
    """All of them, oldest first, a chunk at a time: no cursor is held between."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from chunk
        last = chunk[-1].pk
