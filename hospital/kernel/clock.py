"""One clock for web, worker and database: the database's.

Doors take the time here and pass it down as `at`; no service asks a clock.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The database's time now, aware, in UTC. Inside a transaction it still moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now
