"""Who may read and who may keep a file: each kind's room says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hospital.files.models import File

MayRead = Callable[[Any, File], bool]
MayKeep = Callable[[Any, UUID | None], UUID | None]  # user, stream -> the patient it is about


@dataclass(frozen=True)
class Kind:
    may_read: MayRead
    may_keep: MayKeep | None = None  # None: not through the upload door


_kinds: dict[str, Kind] = {}


def register(kind: str, *, may_read: MayRead, may_keep: MayKeep | None = None) -> None:
    """Called in `AppConfig.ready`. `may_keep` gives None where the user may not keep one there."""
    _kinds[kind] = Kind(may_read, may_keep)


def may_read(user: Any, file: File) -> bool:
    """Nobody, where no room answers for the kind."""
    kind = _kinds.get(file.kind)
    return kind is not None and kind.may_read(user, file)


def may_keep(kind: str) -> MayKeep | None:
    """How an upload of this kind is judged; None where there is none."""
    found = _kinds.get(kind)
    return found.may_keep if found else None


def kinds() -> list[str]:
    """The kinds that can be uploaded."""
    return sorted(name for name, kind in _kinds.items() if kind.may_keep)
