"""SM3 in the two shapes the supervision interface uses: a digest and a keyed signature."""

import json
from typing import Any

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC


def sm3(content: bytes) -> str:
    digest = Hash(SM3())
    digest.update(content)
    return digest.finalize().hex()


def hmac_sm3(key: str, content: str) -> str:
    keyed = HMAC(key.encode(), SM3())
    keyed.update(content.encode())
    return keyed.finalize().hex()


def canonical(payload: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8 as it is: the bytes whose SM3 is an envelope's `hash`."""
    return json.dumps(
        payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()
