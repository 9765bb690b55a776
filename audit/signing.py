"""Who signs the heads of the trail, behind one interface; the key lies in a file of its own.

A hospital with a signing machine or SM2 names its own adapter in `settings.AUDIT_SIGNER`.
"""

import base64
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from audit.proofs.heads import Head, SignedHead, key_id

_OTHERS: Final = 0o007  # may do nothing with the key


class Signer(Protocol):
    def sign(self, head: Head) -> SignedHead: ...

    def public_key(self) -> tuple[str, str]:
        """Its id, and PEM."""


def signer() -> Signer:
    return _named(settings.AUDIT_SIGNER, settings.AUDIT_KEY_FILE)


@lru_cache(maxsize=4)
def _named(adapter: str, key_file: str) -> Signer:
    return import_string(adapter)(key_file)  # type: ignore[no-any-return]


class KeyFile:
    """Ed25519 (RFC 8032); the private key is PEM (PKCS 8) in a file that others cannot read."""

    def __init__(self, path: str) -> None:
        self._key = _private_key(path)

    def sign(self, head: Head) -> SignedHead:
        value = self._key.sign(head.text.encode())
        return SignedHead(head, self.public_key()[0], base64.b64encode(value).decode())

    def public_key(self) -> tuple[str, str]:
        public = self._key.public_key()
        pem = public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return key_id(public), pem.decode()


def _private_key(path: str) -> Ed25519PrivateKey:
    if not path:
        raise ImproperlyConfigured("AUDIT_KEY_FILE is not set: nobody can sign the trail.")
    file = Path(path)
    try:
        mode, pem = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(f"AUDIT_KEY_FILE names {path}: {error.strerror}.") from error
    if mode & _OTHERS:
        raise ImproperlyConfigured(f"{path} can be reached by everybody: chmod 600 it.")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise ImproperlyConfigured(f"{path} holds no private key.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"{path} holds a key that is not Ed25519.")
    return key
