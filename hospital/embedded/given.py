"""Services that the environment names: each answers now, or one sentence says which does not."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

import redis

from hospital.embedded.console import Stop
from hospital.embedded.letting_in import Refusal, let_in

DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL")


def given_databases() -> dict[str, str] | None:
    """The three addresses, or None when none of them is set."""
    found = _set_ones(DATABASES)
    if not found:
        return None
    if missing := [name for name in DATABASES if name not in found]:
        raise Stop(
            f"还缺 {'、'.join(missing)}：三个角色的地址要一起设置（见 docs/operations.md）。"
            f" Set {', '.join(missing)} too, or none of the three."
        )
    for name, url in found.items():
        try:
            let_in(url)
        except Refusal as refusal:
            raise Stop(_no_answer("PostgreSQL", name, url, refusal)) from refusal
    return found


def given_redis() -> dict[str, str] | None:
    found = _set_ones(("REDIS_URL",))
    for name, url in found.items():
        try:
            with redis.Redis.from_url(url, socket_connect_timeout=5, socket_timeout=5) as client:
                client.ping()
        except (redis.RedisError, ValueError) as refusal:
            raise Stop(_no_answer("Redis", name, url, refusal)) from refusal
    return found or None


def _set_ones(names: tuple[str, ...]) -> dict[str, str]:
    environment: Mapping[str, str] = os.environ
    return {name: environment[name] for name in names if environment.get(name)}


def _no_answer(what: str, name: str, url: str, refusal: Exception) -> str:
    """Where it was sought, without the password."""
    host = urlsplit(url).hostname or "?"
    reason = " ".join(str(refusal).split())[:200]
    return (
        f"{what} 连不上（{name} → {host}）：请启动它，或取消该变量以使用自带的。"
        f" {what} does not answer: start it, or unset {name} to use the embedded one. [{reason}]"
    )
