"""Electronic signatures of persons, behind one interface.

`Local` is for hospitals without a certificate authority: a key of ECDSA P-256 for each clinician,
its private part sealed under the field keys. A hospital with a 第三方 CA names its own adapter in
`settings.SIGNING_ADAPTER`; nothing else changes. What is signed is a digest of canonical text.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.module_loading import import_string

from doctors.models import Clinician
from prescriptions.models import SigningKey

_ALGORITHM = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class Signature:
    key: UUID
    value: str  # base64


class Adapter(Protocol):
    def sign(self, clinician: Clinician, digest: str, *, at: datetime) -> Signature: ...

    def is_signed(self, clinician: Clinician, digest: str, signature: Signature) -> bool:
        """Whether exactly this person signed exactly this digest."""


@cache
def adapter() -> Adapter:
    return import_string(settings.SIGNING_ADAPTER)()  # type: ignore[no-any-return]


class Local:
    """Keys in our own database; a key is made at a person's first signature."""

    def sign(self, clinician: Clinician, digest: str, *, at: datetime) -> Signature:
        key = self._key_of(clinician, at=at)
        private = serialization.load_pem_private_key(key.private_key.encode(), password=None)
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        value = private.sign(digest.encode(), _ALGORITHM)
        return Signature(key.public_id, base64.b64encode(value).decode())

    def is_signed(self, clinician: Clinician, digest: str, signature: Signature) -> bool:
        key = SigningKey.objects.filter(public_id=signature.key, clinician=clinician).first()
        if key is None:
            return False
        public = serialization.load_pem_public_key(key.public_key.encode())
        assert isinstance(public, ec.EllipticCurvePublicKey)
        try:
            public.verify(base64.b64decode(signature.value), digest.encode(), _ALGORITHM)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _key_of(self, clinician: Clinician, *, at: datetime) -> SigningKey:
        key, _made = SigningKey.objects.get_or_create(
            clinician=clinician, retired_at=None, defaults={**_fresh_pair(), "made_at": at}
        )
        return key


def _fresh_pair() -> dict[str, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    return {
        "private_key": private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        "public_key": private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    }
