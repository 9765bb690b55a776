"""Who may send again what the supervision platform refused."""

from typing import Any

from hospital.accounts.roles import Role


def may_mend(user: Any) -> bool:
    return bool(user.holds(Role.IT))
