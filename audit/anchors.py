"""Signed heads outside the database: a file that is only ever appended to, and our public keys.

`heads.jsonl` holds one signed head a line. A process may die in the middle of a line: what does
not parse is stepped over, and the next line begins afresh.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit.proofs.heads import SignedHead, load_keys

NAME: Final = "heads.jsonl"
_LONGEST: Final = 4096  # bytes of a line; the end of the file is read back this far


class Anchors:
    """The anchors of one folder. Only `held` writers append."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / NAME

    def __iter__(self) -> Iterator[SignedHead | None]:
        """Oldest first, in flat memory; None for a line that is none (a process died in it)."""
        with self.path.open("rb") as file:
            for line in file:
                yield _parsed(line)

    def last(self) -> SignedHead | None:
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 2 * _LONGEST))
            found = [signed for line in file if (signed := _parsed(line))]
        return found[-1] if found else None

    @contextmanager
    def held(self) -> Iterator["Anchors"]:
        """Only one process at a time decides what to append."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield self
            os.fsync(handle)  # a file made just now stands in its folder
        finally:
            os.close(handle)

    def append(self, signed: SignedHead) -> None:
        """On the disk when this returns."""
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(handle).st_size
            is_torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            line = json.dumps(signed.as_json(), ensure_ascii=False)
            os.write(handle, (("\n" if is_torn else "") + line + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def publish(self, key: str, pem: str) -> None:
        """Lay a public key beside the anchors; one that lies there stays as it is."""
        path = self.folder / f"key-{key}.pem"
        if not path.exists():
            path.write_text(pem)

    def public_keys(self) -> dict[str, Ed25519PublicKey]:
        paths = sorted(self.folder.glob("key-*.pem"))
        return load_keys(b"".join(path.read_bytes() for path in paths))


def _parsed(line: bytes) -> SignedHead | None:
    try:
        return SignedHead.from_json(json.loads(line))
    except ValueError:
        return None
