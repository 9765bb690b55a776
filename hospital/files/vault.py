"""Where the bytes lie: sealed, under a name that says nothing, whole or not at all."""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from hospital.kernel import ciphers
from hospital.kernel.placing import make_sure, replace_file
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
        make_sure(place.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unavailable(_("现在存不了文件，请稍后再试。"), code="storage") from error


def get(public_id: UUID) -> bytes:
    """The bytes as they were put. Raises `Undecipherable` where they were changed or moved."""
    return ciphers.unseal_bytes(_place(public_id).read_bytes(), bound_to=_bound_to(public_id))


def sealed() -> Iterator[Path]:
    """Every sealed file, in no order."""
    return settings.MEDIA_ROOT.glob(f"??/*{SUFFIX}")


def head_of(path: Path) -> str:
    """How its envelope begins; empty where it went away meanwhile."""
    try:
        with path.open("rb") as file:
            return file.readline(64).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return ""


def sealed_under(kid: str) -> int:
    """How many files of any kind hold a piece that this key seals; parcels hold many pieces."""
    head = re.compile(rb"v1\.(aes|sm4)\." + kid.encode() + rb"\n")
    return sum(_holds(path, head) for path in settings.MEDIA_ROOT.glob("??/*"))


def _holds(path: Path, head: re.Pattern[bytes]) -> bool:
    try:
        with path.open("rb") as file:
            if path.suffix == SUFFIX:
                return head.match(file.readline(64)) is not None
            before = b""
            while piece := file.read(1024 * 1024):
                if head.search(before + piece):
                    return True
                before = piece[-64:]
    except FileNotFoundError:
        pass
    return False


def reseal(path: Path) -> None:
    """Seal it under the newest key. Readers see the old bytes or the new ones, both whole.

    Raises `Undecipherable`. A file dropped at this moment comes back as one that no row knows,
    and is swept.
    """
    bound_to = _bound_to(UUID(path.stem))
    data = ciphers.unseal_bytes(path.read_bytes(), bound_to=bound_to)
    sealed = ciphers.seal_bytes(data, bound_to=bound_to)
    replace_file(path, sealed, part=path.with_suffix(f".key{UNFINISHED}"))


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
