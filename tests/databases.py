"""Test databases as production's are: built by the owner, used as runtime, read as auditor.

A template is migrated once for each state of the migrations; every test worker gets a copy, and a
test that really commits gets a fresh one afterwards (the runtime role may not TRUNCATE).
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
ROLES = "hospital_owner, hospital_runtime, hospital_auditor"
_LEAVE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
GRANTS = ROOT / "hospital" / "embedded" / "grants.sql"


def template() -> str:
    """The name of the migrated template; made if it is not there yet."""
    name = f"template_{_state_of_the_migrations()}"
    with _superuser() as cursor:
        cursor.execute("SELECT pg_advisory_lock(42)")  # one of the parallel workers builds it
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute("DROP DATABASE IF EXISTS being_built")
            cursor.execute("CREATE DATABASE being_built OWNER hospital_owner")
            _build("being_built")
            cursor.execute(f"ALTER DATABASE being_built RENAME TO {name}")
        cursor.execute("SELECT pg_advisory_unlock(42)")
    return name


def make(name: str) -> None:
    """A fresh database `name`, and this process connected to it."""
    copy(template(), name)


def copy(source: str, name: str) -> None:
    """Database `name` anew as `source` is now, and this process connected to it."""
    point_at(name)
    with _superuser() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(_LEAVE, [source])  # a thread of an earlier test may still look at it
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE {source} OWNER hospital_owner')
        cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {ROLES}')


def drop(name: str) -> None:
    connections.close_all()
    with _superuser() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def point_at(name: str) -> None:
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def environment_of(name: str) -> dict[str, str]:
    """The variables that make another process use this database."""
    names = ("DATABASE_URL", "DATABASE_AUDITOR_URL", "DATABASE_OWNER_URL")
    return {each: os.environ[each].rpartition("/")[0] + f"/{name}" for each in names}


def _build(name: str) -> None:
    before = settings.DATABASES["owner"]["NAME"]
    with _superuser(name) as cursor:
        cursor.execute(GRANTS.read_text(encoding="utf-8"))
    point_at(name)
    call_command("migrate", database="owner", verbosity=0, skip_checks=True)
    if "load_reference" in _commands():
        call_command("load_reference", verbosity=0)
    point_at(before)


def _commands() -> dict[str, str]:
    from django.core.management import get_commands  # noqa: PLC0415 - needs the apps

    return get_commands()


def _state_of_the_migrations() -> str:
    sum_of = hashlib.sha256(GRANTS.read_bytes())
    for pattern in (
        "*/migrations/*.py",
        "hospital/*/migrations/*.py",
        "*/data/**/*.*",
        "hospital/*/data/**/*.*",
    ):
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                sum_of.update(path.read_bytes())
    return sum_of.hexdigest()[:16]


class _superuser:  # noqa: N801 - reads as a context
    def __init__(self, database: str = "postgres") -> None:
        parts = urlsplit(os.environ["DATABASE_SUPERUSER_URL"])
        self.connection = psycopg2.connect(parts._replace(path=f"/{database}").geturl())
        self.connection.autocommit = True

    def __enter__(self) -> "psycopg2.extensions.cursor":
        return self.connection.cursor()

    def __exit__(self, *_: object) -> None:
        self.connection.close()
