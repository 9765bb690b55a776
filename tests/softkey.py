"""An authenticator in software, for tests: ES256, attestation none, as browsers' JSON."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One device with one key pair. What it lies about is told by each call."""

    host: str = "localhost"
    origin: str = "http://localhost"
    handle: bytes = b""
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        data = self._data(ATTESTED, **lies) + self._attested()
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options, **lies)
        return self._credential(clientDataJSON=client, attestationObject=attestation)

    def sign(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.count += 1
        data = self._data(0, **lies)
        client = self._client("webauthn.get", options, **lies)
        signed = data + hashlib.sha256(client).digest()
        by = lies.get("by", self.key)
        return self._credential(
            clientDataJSON=client,
            authenticatorData=data,
            signature=by.sign(signed, ec.ECDSA(hashes.SHA256())),
            userHandle=lies.get("handle", self.handle),
        )

    def _client(self, kind: str, options: dict[str, Any], **lies: Any) -> bytes:
        told = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", options["challenge"]),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(told).encode()

    def _data(self, more: int, **lies: Any) -> bytes:
        flags = lies.get("flags", PRESENT | VERIFIED) | more
        host = hashlib.sha256(lies.get("host", self.host).encode()).digest()
        return host + bytes([flags]) + lies.get("count", self.count).to_bytes(4, "big")

    def _attested(self) -> bytes:
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)

    def _credential(self, **response: bytes) -> dict[str, Any]:
        written = {name: bytes_to_base64url(value) for name, value in response.items()}
        own = bytes_to_base64url(self.id)
        return {"id": own, "rawId": own, "type": "public-key", "response": written}
