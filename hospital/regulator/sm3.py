"""SM3 (GB/T 32905), plain and keyed, as the supervision interface uses it."""

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
