"""Sealed files too large to hold in memory: written and read piece by piece, kept for a day.

Each piece is sealed by itself, bound to the parcel, its position and whether it is the last one,
so that no piece can be moved, left out or cut off unnoticed (the STREAM construction). A piece
stands behind its length, four bytes, big-endian.
"""

import hashlib
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from io import RawIOBase
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from hospital.files.vault import ABANDONED
from hospital.kernel import ciphers

SUFFIX: Final = ".parcel"
PIECE: Final = 256 * 1024  # bytes of one piece, unsealed
_LENGTH: Final = 4


class Packing(RawIOBase):
    """Write only, front to back. Whole and in its place after `finish()`, and not before."""

    def __init__(self, public_id: UUID, name: str) -> None:
        """`name` keeps two who write the same parcel at once apart until one has finished."""
        super().__init__()
        self.public_id, self.size, self._count = public_id, 0, 0
        self._digest, self._held = hashlib.sha256(), bytearray()
        self._place = _place(public_id)
        self._part = self._place.with_suffix(f".{name}.part")
        self._place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._out = os.fdopen(
            os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
        )

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._digest.update(piece)
        self.size += len(piece)
        self._held += piece
        while len(self._held) > PIECE:  # what is held may still turn out to be the last piece
            self._seal(bytes(self._held[:PIECE]), is_last=False)
            del self._held[:PIECE]
        return len(piece)

    def finish(self) -> str:
        """Seal what is held, put the parcel in its place, and give the digest of its content."""
        self._seal(bytes(self._held), is_last=True)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        self._part.rename(self._place)
        return self._digest.hexdigest()

    def give_up(self) -> None:
        self._out.close()
        self._part.unlink(missing_ok=True)

    def _seal(self, data: bytes, *, is_last: bool) -> None:
        sealed = ciphers.seal_bytes(data, bound_to=_bound_to(self.public_id, self._count, is_last))
        self._out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._count += 1


def unpacked(public_id: UUID) -> Iterator[bytes]:
    """The content, piece by piece. Raises `Undecipherable` where it was changed or cut."""
    with _place(public_id).open("rb") as sealed:
        position, head = 0, sealed.read(_LENGTH)
        while True:
            piece = sealed.read(int.from_bytes(head, "big"))
            head = sealed.read(_LENGTH)
            bound = _bound_to(public_id, position, not head)
            yield ciphers.unseal_bytes(piece, bound_to=bound)
            if not head:
                return
            position += 1


def exists(public_id: UUID) -> bool:
    return _place(public_id).exists()


def drop(public_id: UUID) -> None:
    _place(public_id).unlink(missing_ok=True)


def sweep(known: Collection[UUID], *, at: datetime) -> int:
    """Remove parcels that nobody refers to and what was never finished, once it is old."""
    before, gone = (at - ABANDONED).timestamp(), 0
    for path in settings.MEDIA_ROOT.glob(f"??/*{SUFFIX}"):
        if UUID(path.name.removesuffix(SUFFIX)) not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _place(public_id: UUID) -> Path:
    folder: Path = settings.MEDIA_ROOT / public_id.hex[:2]
    return folder / f"{public_id}{SUFFIX}"


def _bound_to(public_id: UUID, position: int, is_last: bool) -> str:  # noqa: FBT001 - part of the binding
    return f"files.parcel|{public_id}|{position}|{'last' if is_last else 'more'}"
