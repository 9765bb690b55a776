"""The keys of the field encryption, as they stand in `FIELD_KEYS_FILE` now.

A running process learns of a new key by itself: it looks at the file's stamp once in `LOOK`
seconds, and at once when an envelope names a key that it has not got. A look costs one `stat`.
"""

import base64
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hospital.kernel.placing import replace_file

KEY: Final = 32  # bytes
LOOK: Final = 1.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Keyring:
    current: str
    keys: dict[str, bytes]  # key id -> 32 bytes
    index: bytes  # for blind indexes
    signing: bytes  # kept for an adapter that seals outside the database
    since: datetime | None = None  # when `current` became so; None for the first


@dataclass(frozen=True)
class _Held:
    path: Path | str
    stamp: tuple[int, int, int]
    ring: Keyring


_held: _Held | None = None
_looked = 0.0


def keyring(*, holding: str = "") -> Keyring:
    """The keys, with `holding` among them if the file has it."""
    global _looked
    held, path = _held, settings.FIELD_KEYS_FILE
    at = time.monotonic()
    if held and held.path == path:
        missing = bool(holding) and holding not in held.ring.keys
        if at - _looked < LOOK and not missing:
            return held.ring
    _looked = at
    return _again(path, held if held and held.path == path else None)


def _again(path: Path | str, held: _Held | None) -> Keyring:
    """Read the file if it changed. What was held stays in use while the file cannot be read."""
    global _held
    try:
        stamp = _stamp(Path(path))
        if held and held.stamp == stamp:
            return held.ring
        ring = read(Path(path))
    except (OSError, ImproperlyConfigured) as error:
        if held:
            log.error("FIELD_KEYS_FILE: %s", error)
            return held.ring
        raise ImproperlyConfigured(f"FIELD_KEYS_FILE {path} cannot be read: {error}") from error
    _held = _Held(path, stamp, ring)
    return ring


def _stamp(path: Path) -> tuple[int, int, int]:
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_ino, seen.st_size


def read(path: Path) -> Keyring:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        keys = {kid: base64.b64decode(key) for kid, key in raw["field"]["keys"].items()}
        since = raw["field"].get("since")
        ring = Keyring(
            raw["field"]["current"],
            keys,
            base64.b64decode(raw["index"]),
            base64.b64decode(raw["signing"]),
            datetime.fromisoformat(since) if since else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured(f"FIELD_KEYS_FILE {path} cannot be read: {error}") from error
    sizes = {len(key) for key in (*keys.values(), ring.index, ring.signing)}
    if ring.current not in keys or sizes != {KEY}:
        raise ImproperlyConfigured(f"FIELD_KEYS_FILE {path}: a key is missing or not 32 bytes.")
    return ring


def add(key: bytes) -> str:
    """Put a key into the file without using it yet; its id is the next number."""
    numbers = [int(kid[1:]) for kid in keyring().keys if kid[1:].isdecimal()]
    kid = f"k{max(numbers, default=0) + 1}"

    def change(field: dict[str, Any]) -> None:
        field["keys"][kid] = base64.b64encode(key).decode()

    _rewrite(change)
    return kid


def use(kid: str, *, at: datetime) -> None:
    """Seal with `kid` from now on."""

    def change(field: dict[str, Any]) -> None:
        if kid not in field["keys"]:
            raise KeyError(kid)
        field["current"], field["since"] = kid, at.isoformat()

    _rewrite(change)


def remove(kid: str) -> None:
    """Forget a key for good. Whoever calls has made sure that nothing is sealed under it."""

    def change(field: dict[str, Any]) -> None:
        if kid == field["current"]:
            raise KeyError(kid)
        del field["keys"][kid]

    _rewrite(change)


def _rewrite(change: Callable[[dict[str, Any]], None]) -> None:
    """The file as it was or as it will be, never a part of it; readers never wait."""
    path = Path(settings.FIELD_KEYS_FILE)
    raw = json.loads(path.read_text(encoding="utf-8"))
    change(raw["field"])
    replace_file(path, json.dumps(raw, indent=1).encode(), part=path.with_suffix(".part"))
    keyring(holding="?")  # look now
