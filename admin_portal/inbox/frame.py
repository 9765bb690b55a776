"""What a kind of request tells of itself, so that it can be decided in the one inbox."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from admin_portal.deciding import Step
from hospital.accounts.models import User
from hospital.files.models import File
from hospital.kernel import access
from hospital.kernel.lifecycle import Face

Words = str | Promise


@dataclass(frozen=True)
class Fact:
    """One line of a request. `before` is how it stands now, where it would change; `moved` says
    that the two differ where what is shown cannot (a masked number)."""

    label: Words
    value: Any
    before: Any = None
    moved: bool = False

    @property
    def differs(self) -> bool:
        return self.moved or (self.before is not None and self.before != self.value)


@dataclass(frozen=True)
class Document:
    """One paper beside the facts, read through the view that asks who may."""

    label: Words
    file: File

    @property
    def url(self) -> str:
        return reverse("files:read", args=[self.file.public_id])

    @property
    def is_picture(self) -> bool:
        return self.file.media_type.startswith("image/")


@dataclass(frozen=True)
class Line:
    """Something that happened before and bears on the decision."""

    on: date
    says: Words
    face: Face | None = None


@dataclass(frozen=True)
class Decided:
    """How somebody else was first."""

    face: Face
    by: Words
    at: datetime | None


def _nothing(_row: Any) -> Sequence[Any]:
    return ()


def _no_notes(_row: Any, _at: datetime) -> Iterable[Words]:
    return ()


def _no_trace(_row: Any, *, by: User, at: datetime) -> None:
    """Nothing of a patient's is shown."""


@dataclass(frozen=True)
class Kind:
    """A kind of request. Rows have `public_id` and bring what `title` needs along.

    `rows` is what waits for this person now: never what the services would not let them decide.
    `theirs` is all that was ever theirs to decide, so that whoever comes second reads who was
    first; everything else is missing.
    """

    name: str  # in the address
    label: Words
    access: str  # the entry of who may look at one
    rows: Callable[[User, datetime], QuerySet[Any]]
    theirs: Callable[[User], QuerySet[Any]]
    asked_at: str  # the column by which they queue
    title: Callable[[Any], Words]
    facts: Callable[[Any], Sequence[Fact]]
    decided: Callable[[Any], Decided]
    steps: Sequence[Step]
    papers: Callable[[Any], Sequence[Document]] = _nothing
    history: Callable[[Any], Sequence[Line]] = _nothing
    notes: Callable[[Any, datetime], Iterable[Words]] = _no_notes  # what to look out for
    opened: Callable[..., None] = _no_trace  # somebody is about to read it

    @property
    def address(self) -> str:
        return f"inbox_{self.name}"

    def url(self, row: Any) -> str:
        return reverse(f"admin:{self.address}", args=[row.public_id])

    def offered(self, user: Any, row: Any) -> list[Step]:
        admits = access.backend().admits
        return [s for s in self.steps if s.fits(row) and admits(user, s.access) is not None]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Called by the modules that `registered` names, once each."""
    assert kind.name not in _kinds, kind.name
    _kinds[kind.name] = kind


def every_kind() -> list[Kind]:
    """In the order of their names, in which requests of one moment stand too."""
    return [_kinds[name] for name in sorted(_kinds)]


def kinds_for(user: Any) -> list[Kind]:
    """Those that this person may look at and decide about."""
    admits = access.backend().admits
    return [
        kind
        for kind in every_kind()
        if admits(user, kind.access) is not None
        and any(admits(user, step.access) is not None for step in kind.steps)
    ]
