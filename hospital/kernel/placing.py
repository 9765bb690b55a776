"""Put a file in its place whole or not at all, and surely on the disk."""

import os
from pathlib import Path


def replace_file(path: Path, data: bytes, *, part: Path) -> None:
    """`path` is the old bytes until it is the new ones; `part`, in the same folder, is the way."""
    before = path.stat()
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(part, before.st_mode & 0o777)
        if os.geteuid() == 0:
            os.chown(part, before.st_uid, before.st_gid)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    make_sure(path.parent)


def make_sure(folder: Path) -> None:
    """A rename itself reaches the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
