"""Signed tree heads: one canonical text, and who has signed it.

The text of a head, six lines, each ended by a newline (version 1):

    internet-hospital audit head 1
    hospital 示范大学第三医院
    size 1234
    root 8f…                             (hex)
    algorithm sha256
    at 2026-03-10T04:00:00.000000Z
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_TITLE: Final = "internet-hospital audit head 1"
_NAMES: Final = ("hospital", "size", "root", "algorithm", "at")
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_PEM: Final = re.compile(rb"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----\s*", re.DOTALL)

Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Head:
    """What the hospital says of its trail at one moment."""

    hospital: str
    size: int
    root: bytes
    algorithm: str
    at: datetime

    @property
    def text(self) -> str:
        values = {
            "hospital": " ".join(self.hospital.split()),
            "size": str(self.size),
            "root": self.root.hex(),
            "algorithm": self.algorithm,
            "at": self.at.astimezone(UTC).strftime(_TIME),
        }
        return "".join([f"{_TITLE}\n", *(f"{name} {values[name]}\n" for name in _NAMES)])

    @classmethod
    def from_text(cls, text: str) -> Self:
        """ValueError where this is no head."""
        title, *lines = text.split("\n")
        if title != _TITLE or len(lines) != len(_NAMES) + 1 or lines.pop():
            raise ValueError("This is not the text of a tree head.")
        values = {}
        for name, line in zip(_NAMES, lines, strict=True):
            found, _space, values[name] = line.partition(" ")
            if found != name:
                raise ValueError(f"A tree head says {name} here, not {found}.")
        head = cls(
            hospital=values["hospital"],
            size=int(values["size"]),
            root=bytes.fromhex(values["root"]),
            algorithm=values["algorithm"],
            at=datetime.strptime(values["at"], _TIME).replace(tzinfo=UTC),
        )
        if head.text != text:  # int() and fromhex() are more lenient than the text may be
            raise ValueError("This is not the canonical text of a tree head.")
        return head


@dataclass(frozen=True)
class SignedHead:
    head: Head
    key: str  # id of the key that signed
    signature: str  # base64, Ed25519 over the text

    def as_json(self) -> dict[str, str]:
        return {"head": self.head.text, "key": self.key, "signature": self.signature}

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """ValueError where this is no signed head."""
        if not isinstance(value, dict) or not all(
            isinstance(value.get(name), str) for name in ("head", "key", "signature")
        ):
            raise ValueError("A signed head has head, key and signature.")
        return cls(Head.from_text(value["head"]), value["key"], value["signature"])

    def is_signed(self, keys: Keys) -> bool:
        """By one of these keys; an unknown key is as good as none."""
        key = keys.get(self.key)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(self.signature, validate=True), self.head.text.encode())
        except (InvalidSignature, binascii.Error):
            return False
        return True


def key_id(key: Ed25519PublicKey) -> str:
    """The first 16 hex digits of SHA-256 over its SubjectPublicKeyInfo."""
    written = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(written).hexdigest()[:16]


def load_keys(pem: bytes) -> dict[str, Ed25519PublicKey]:
    """All public keys of one PEM text, by id: after a change of keys it holds several."""
    found = {}
    for block in _PEM.findall(pem):
        key = serialization.load_pem_public_key(block)
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("A public key of the trail is Ed25519.")
        found[key_id(key)] = key
    return found
