"""The environment that every process of an instance is given; what you set yourself wins."""

import os
from collections.abc import Mapping

from hospital.embedded.keys import audit_key_file, field_keys_file, secret_key_file
from hospital.embedded.place import Place

# Only migrations and management commands hold the keys of the tables' owner.
OWNERS = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")


def environment(place: Place, services: Mapping[str, str]) -> dict[str, str]:
    """For a process: the caller's, with the hospital's above it."""
    return {**os.environ, **of_the_hospital(place, services)}


def of_the_hospital(place: Place, services: Mapping[str, str]) -> dict[str, str]:
    """Where services, keys and folders are: what a command from another terminal lacks."""
    port = os.environ.get("PORT", "8000")
    host = os.environ.get("HOST", "127.0.0.1")
    defaults = {
        "DEPLOYMENT": "demo",
        "DJANGO_SETTINGS_MODULE": "hospital.settings",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(["127.0.0.1", "localhost", host])),
        "SECRET_KEY_FILE": str(secret_key_file(place)),
        "FIELD_KEYS_FILE": str(field_keys_file(place)),
        "AUDIT_KEY_FILE": str(audit_key_file(place)),
        "AUDIT_ANCHOR_DIR": str(place.anchors),
        "STATIC_ROOT": str(place.static),
        "MEDIA_ROOT": str(place.media),
        "PYTHONUNBUFFERED": "1",
    }
    chosen = {name: os.environ.get(name) or value for name, value in defaults.items()}
    return {**chosen, **services, "DATA_DIR": str(place.data)}


def without_owner(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name not in OWNERS}
