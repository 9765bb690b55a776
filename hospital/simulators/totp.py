"""The six digits that a demonstration login asks for (RFC 6238, SHA-1, 30 seconds)."""

import base64
import hmac

STEP = 30


def totp(secret: str, at: float) -> str:
    padded = secret.upper() + "=" * (-len(secret) % 8)
    key = base64.b32decode(padded)
    digest = hmac.digest(key, int(at // STEP).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def seconds_left(at: float) -> int:
    return STEP - int(at) % STEP
