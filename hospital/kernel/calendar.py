"""Days and ages as law and people mean them: in Asia/Shanghai, in full years. Pure."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def local_date(at: datetime) -> date:
    """The calendar day of `at` in Asia/Shanghai, which is the day that law and people mean."""
    return at.astimezone(BEIJING).date()


def full_years(birth: date, on: date) -> int:
    """Age in full years (周岁): a birthday that has come counts."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def full_months(birth: date, on: date) -> int:
    return (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
