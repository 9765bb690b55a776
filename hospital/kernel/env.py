"""Reads the environment, loudly: a missing or malformed setting stops the start with one sentence.

Every secret `NAME` may also come from a file named by `NAME_FILE`, which is how containers and
`bin/run` hand secrets over without showing them to `ps`.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import ParseResult, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"The environment variable {name} is not set.")
    return value


def secret(name: str, default: str | None = None) -> str:
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return text(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}: {error.strerror}.") from error


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.lstrip("-").isdigit()):
        raise ImproperlyConfigured(f"{name} should be a whole number, not {value!r}.")
    return int(value)


def switch(name: str, *, default: bool) -> bool:
    value = text(name, "on" if default else "off").lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} should be on or off, not {value!r}.")
    return value in _TRUE


def listing(name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty items are dropped."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} should be one of {', '.join(allowed)}, not {value!r}.")
    return value


def address(name: str) -> tuple[str, int]:
    """`host:port`."""
    host, _colon, port = text(name).rpartition(":")
    if not (host and port.isascii() and port.isdigit()):
        raise ImproperlyConfigured(f"{name} should be host:port, not {text(name)!r}.")
    return host, int(port)


def networks(name: str, default: str = "") -> list[IPv4Network | IPv6Network]:
    """A comma-separated list of networks, e.g. `10.1.0.0/16,10.2.3.4`."""
    try:
        return [ip_network(item) for item in listing(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


def url(name: str, default: str | None = None) -> ParseResult:
    return urlparse(secret(name, default))


def database(name: str) -> dict[str, object]:
    """A Django database from `postgresql://user:password@host:port/name` in `name`."""
    parts = url(name)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} should be a postgresql:// address.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or 5432),
    }
