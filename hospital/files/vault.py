"""Where the bytes lie: sealed, under a name that says nothing, whole or not at all."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.kernel import ciphers
from hospital.kernel.refusals import Unavailable

SUFFIX, UNFINISHED = ".sealed", ".part"
ABANDONED: Final = timedelta(hours=1)


def put(public_id: UUID, data: bytes) -> None:
    """Write the file to the disk before anything refers to it."""
    place = _place(public_id)
    part = place.with_suffix(UNFINISHED)
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(ciphers.seal_bytes(data, bound_to=_bound_to(public_id)))
            out.flush()
            os.fsync(out.fileno())
        part.rename(place)
        _make_sure(place.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(_("现在存不了文件，请稍后再试。"), code="storage") from error


def get(public_id: UUID) -> bytes:
    """The bytes as they were put. Raises `Undecipherable` where they were changed or moved."""
    return ciphers.unseal_bytes(_place(public_id).read_bytes(), bound_to=_bound_to(public_id))


def drop(public_id: UUID) -> None:
    _place(public_id).unlink(missing_ok=True)


def stray(*, at: datetime) -> tuple[list[Path], dict[UUID, Path]]:
    """What an interrupted upload may have left: unfinished parts, and finished files by id."""
    before = (at - ABANDONED).timestamp()
    old = [p for p in settings.MEDIA_ROOT.glob("??/*") if p.stat().st_mtime < before]
    parts = [path for path in old if path.suffix == UNFINISHED]
    return parts, {UUID(path.stem): path for path in old if path.suffix == SUFFIX}


def _place(public_id: UUID) -> Path:
    folder: Path = settings.MEDIA_ROOT / public_id.hex[:2]
    return folder / f"{public_id}{SUFFIX}"


def _bound_to(public_id: UUID) -> str:
    return f"files.file|{public_id}"


def _make_sure(folder: Path) -> None:
    """The rename itself reaches the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
