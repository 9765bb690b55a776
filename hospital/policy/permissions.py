"""Who may publish."""

from hospital.accounts.models import User
from hospital.accounts.roles import Role


def may_publish(user: User) -> bool:
    return user.holds(Role.MEDICAL_AFFAIRS)
