"""One text for one meaning: canonical JSON, and digests over it.

Signatures, stored decisions and audit digests rest on it: sorted keys, no spaces, NFC, UTF-8,
no floats that are not numbers. Two equal values always give the same bytes.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID


def canonical(value: object) -> str:
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest(value: object) -> str:
    """SHA-256 over the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _plain(value: object) -> Any:
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case str():
            return unicodedata.normalize("NFC", value)
        case datetime():
            return value.isoformat()
        case date() | UUID():
            return str(value)
        case Decimal():
            return format(value.normalize(), "f")
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=canonical)
    raise TypeError(f"{type(value).__name__} has no canonical form.")
