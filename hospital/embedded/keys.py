"""The keys and passwords of one instance: made once, kept in files of mode 0600, never overwritten.

Whoever loses `fields.json` loses every encrypted field, so a backup of the data includes it.
"""

import base64
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hospital.embedded.place import Place, write_privately

ROLES = ("owner", "runtime", "auditor")


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _made_once(path: Path, make: Callable[[], str]) -> Path:
    if not path.exists():
        write_privately(path, make())
    return path


def secret_key_file(place: Place) -> Path:
    return _made_once(place.secrets / "django.key", lambda: secrets.token_urlsafe(48))


def field_keys_file(place: Place) -> Path:
    def make() -> str:
        keys = {
            "field": {"current": "k1", "keys": {"k1": _key()}},
            "index": _key(),
            "signing": _key(),
        }
        return json.dumps(keys, indent=1)

    return _made_once(place.secrets / "fields.json", make)


def audit_key_file(place: Place) -> Path:
    """Ed25519: who has it can sign the trail's heads, so it stands apart from every other key."""

    def make() -> str:
        return (
            Ed25519PrivateKey.generate()
            .private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            .decode()
        )

    return _made_once(place.secrets / "audit_key.pem", make)


def database_passwords(place: Place) -> dict[str, str]:
    """By role: the three of the hospital, and the superuser who makes them."""

    def make() -> str:
        return json.dumps({who: secrets.token_urlsafe(24) for who in ("superuser", *ROLES)})

    path = _made_once(place.secrets / "database.json", make)
    passwords: dict[str, str] = json.loads(path.read_text())
    return passwords


def redis_password(place: Place) -> str:
    path = _made_once(place.secrets / "redis.key", lambda: secrets.token_urlsafe(24))
    return path.read_text()
