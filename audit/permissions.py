"""Who may do what with an alarm."""

from typing import Any

from audit.models import Alarm


def may_handle(user: Any, alarm: Alarm) -> bool:
    """An audit administrator, whom it is not about."""
    return bool(user.holds("audit_admin")) and alarm.actor != user.public_id
