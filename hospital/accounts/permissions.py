"""Who may do what with accounts; the three administrators keep apart (三权分立)."""

from hospital.accounts.models import RoleChange, User
from hospital.accounts.roles import Role


def may_keep_accounts(by: User) -> bool:
    """Open, close and reopen accounts, and end their sessions; roles are not theirs to give."""
    return by.holds(Role.SYSTEM_ADMIN)


def may_give_roles(by: User, user: User) -> bool:
    """Ask for roles and take them; never one's own."""
    return by.holds(Role.SECURITY_ADMIN) and by.pk != user.pk


def may_decide(by: User, asked: RoleChange) -> bool:
    """The second person: neither who asked nor whom it concerns."""
    return may_give_roles(by, asked.user) and by.pk != asked.asked_by_id


def may_withdraw(by: User, asked: RoleChange) -> bool:
    return by.holds(Role.SECURITY_ADMIN) and by.pk == asked.asked_by_id
