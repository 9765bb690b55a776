"""What all tests share: databases from templates, the trail, time, a stand-in for the outside."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests import databases

NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)  # 12:00 in Beijing


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """pytest-django's own would create tables as the runtime role, which may not."""
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        databases.make(name)
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


def _fresh_again(self: TransactionTestCase) -> None:
    """Instead of TRUNCATE, which the runtime role lacks and the trail forbids."""
    databases.make(connection.settings_dict["NAME"])


TransactionTestCase._fixture_teardown = _fresh_again


@pytest.fixture(autouse=True)
def _own_redis(settings) -> None:
    """Workers of one run keep apart in Redis."""
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = os.environ.get(
        "PYTEST_XDIST_WORKER", "main"
    )


@contextmanager
def as_auditor() -> Iterator[None]:
    """Read the trail inside the test's own transaction; the runtime role may not."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE hospital_auditor")
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")


@pytest.fixture
def trail():
    """The kinds of event so far, oldest first: `trail()`; with a kind, those events."""
    from audit.models import Event  # noqa: PLC0415 - needs the apps

    def look(kind: str | None = None) -> list:
        with as_auditor():
            events = Event.objects.order_by("id")
            return list(events.filter(kind=kind)) if kind else [e.kind for e in events]

    return look
