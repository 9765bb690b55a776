"""One clock for web, worker and database: the database's.

Doors take the time here and pass it down as `at`; no service asks a clock.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

BEIJING = ZoneInfo("Asia/Shanghai")


def database_now() -> datetime:
    """The database's time now, aware, in UTC. Inside a transaction it still moves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def local_date(at: datetime) -> date:
    """The calendar day of `at` in Asia/Shanghai, which is the day that law and people mean."""
    return at.astimezone(BEIJING).date()


def full_years(birth: date, on: date) -> int:
    """Age in full years (周岁): a birthday that has come counts."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def full_months(birth: date, on: date) -> int:
    return (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
