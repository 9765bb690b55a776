"""PostgreSQL and Redis for one instance: those the environment names, or embedded ones."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from hospital.embedded.child import Child
from hospital.embedded.console import step
from hospital.embedded.given import given_databases, given_redis
from hospital.embedded.place import Place
from hospital.embedded.postgres import Postgres
from hospital.embedded.valkey import Valkey

SECONDS_TO_STOP = 30


@dataclass
class Services:
    """Where they are, as environment variables, and the servers that are ours to keep up."""

    env: dict[str, str] = field(default_factory=dict)
    servers: list[Child] = field(default_factory=list)


@contextmanager
def services(place: Place, *, for_tests: bool = False, durable: bool = True) -> Iterator[Services]:
    """Running as long as the block; tests never use what the environment names."""
    databases = None if for_tests else given_databases()
    redis = None if for_tests else given_redis()
    found = Services(env={**(databases or {}), **(redis or {})})
    with ExitStack() as stack:
        if databases is None:
            stack.enter_context(_postgres(place, found, for_tests=for_tests, durable=durable))
        if redis is None:
            stack.enter_context(_valkey(place, found, durable=durable))
        yield found


@contextmanager
def _postgres(place: Place, found: Services, *, for_tests: bool, durable: bool) -> Iterator[None]:
    postgres = Postgres(place, durable=durable)
    try:
        with step("数据库已启动", "PostgreSQL is up"):
            postgres.start()
            postgres.make_roles()
        found.servers.append(postgres.server)
        found.env["DATABASE_URL"] = postgres.url("runtime")
        found.env["DATABASE_OWNER_URL"] = postgres.url("owner")
        found.env["DATABASE_AUDITOR_URL"] = postgres.url("auditor")
        if for_tests:
            postgres.open_to_tests()
            found.env["DATABASE_SUPERUSER_URL"] = postgres.url("superuser", "postgres")
        yield
    finally:
        _stop(postgres.server)
        if for_tests:
            postgres.forget()


@contextmanager
def _valkey(place: Place, found: Services, *, durable: bool) -> Iterator[None]:
    valkey = Valkey(place, durable=durable)
    try:
        with step("缓存与队列已启动", "Redis is up"):
            valkey.start()
        found.servers.append(valkey.server)
        found.env["REDIS_URL"] = valkey.url
        yield
    finally:
        _stop(valkey.server)


def _stop(server: Child) -> None:
    server.ask_to_stop()
    server.see_it_gone(by=time.monotonic() + SECONDS_TO_STOP)
