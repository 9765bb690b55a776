"""Beijing time, as every Chinese interface writes it."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    return datetime.now(BEIJING)


def written(at: datetime) -> str:
    """RFC 3339 with seconds: 2026-03-01T09:30:00+08:00."""
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
