"""Authenticated encryption for personal data: AES-256-GCM and SM4-GCM, one envelope.

The envelope is `v1.<cipher>.<key id>.<base64url of nonce, ciphertext and tag>`. The associated
data binds a ciphertext to its column and row, so that it cannot be moved. Test vectors (NIST
GCM, RFC 8998) stand in `tests/rules/test_ciphers.py`.
"""

import base64
import binascii
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from hospital.kernel.keyring import keyring

NONCE: Final = 12  # bytes
TAG: Final = 16  # bytes
SM4_KEY: Final = 16  # bytes; the first half of a 32-byte key


class Undecipherable(Exception):
    """No key opens it: a wrong key, a moved or an altered value. It is never returned as text."""


def seal(text: str, *, bound_to: str, cipher: str | None = None) -> str:
    """Encrypt under the newest key, bound to one column of one row."""
    head, raw = _encrypted(text.encode(), bound_to, cipher)
    return f"{head}.{base64.urlsafe_b64encode(raw).decode()}"


def unseal(envelope: str, *, bound_to: str) -> str:
    """Decrypt with whichever key the envelope names; raise `Undecipherable` rather than guess."""
    head, _dot, payload = envelope.rpartition(".")
    try:
        raw = base64.urlsafe_b64decode(payload.encode())
        return _decrypted(head, raw, bound_to).decode()
    except (ValueError, binascii.Error) as error:
        raise _closed(bound_to) from error


def seal_bytes(data: bytes, *, bound_to: str, cipher: str | None = None) -> bytes:
    """The same for the bytes of a file, without base64: `v1.<cipher>.<key id>` + newline + raw."""
    head, raw = _encrypted(data, bound_to, cipher)
    return head.encode() + b"\n" + raw


def unseal_bytes(envelope: bytes, *, bound_to: str) -> bytes:
    head, _newline, raw = envelope.partition(b"\n")
    try:
        return _decrypted(head.decode("ascii"), raw, bound_to)
    except UnicodeDecodeError as error:
        raise _closed(bound_to) from error


def head() -> str:
    """How every envelope begins that is sealed now: format, cipher and key."""
    return f"v1.{settings.FIELD_CIPHER}.{keyring().current}"


def is_current(envelope: str) -> bool:
    """Whether the newest key and the chosen cipher seal it."""
    return envelope.rpartition(".")[0] == head()


def _encrypted(data: bytes, bound_to: str, cipher: str | None) -> tuple[str, bytes]:
    ring = keyring()
    cipher = cipher or settings.FIELD_CIPHER
    nonce = os.urandom(NONCE)
    body = _CIPHERS[cipher][0](ring.keys[ring.current], nonce, data, bound_to.encode())
    return f"v1.{cipher}.{ring.current}", nonce + body


def _decrypted(head: str, raw: bytes, bound_to: str) -> bytes:
    try:
        version, cipher, kid = head.split(".")
        key = keyring(holding=kid).keys[kid]
        decrypt = _CIPHERS[cipher][1]
        if version != "v1" or len(raw) < NONCE + TAG:
            raise ValueError(version)
        return decrypt(key, raw[:NONCE], raw[NONCE:], bound_to.encode())
    except (ValueError, KeyError, InvalidTag) as error:
        raise _closed(bound_to) from error


def _closed(bound_to: str) -> Undecipherable:
    return Undecipherable(f"No key opens this value ({bound_to}).")


def fingerprint(value: str, *, purpose: str) -> str:
    """A keyed one-way index for exact search: HMAC-SHA256, one derived key per purpose.

    Phone and ID numbers are few enough to try them all: the index key is the secret.
    """
    derived = _hmac(keyring().index, purpose.encode())
    return _hmac(derived, value.encode()).hex()


def _hmac(key: bytes, data: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()


def aes_seal(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    return AESGCM(key).encrypt(nonce, text, bound)


def aes_open(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(nonce, body, bound)


def sm4_seal(key: bytes, nonce: bytes, text: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(key[:SM4_KEY]), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(text) + encryptor.finalize() + encryptor.tag


def sm4_open(key: bytes, nonce: bytes, body: bytes, bound: bytes) -> bytes:
    mode = modes.GCM(nonce, body[-TAG:])
    decryptor = Cipher(algorithms.SM4(key[:SM4_KEY]), mode).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body[:-TAG]) + decryptor.finalize()


_CIPHERS: Final = {"aes": (aes_seal, aes_open), "sm4": (sm4_seal, sm4_open)}
