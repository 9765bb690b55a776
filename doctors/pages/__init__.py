"""How clinicians set up their work; under which licence they practise, for them and for all."""

from doctors.pages.account import (
    account,
    credential,
    paper,
    privilege,
    withdraw,
    withdraw_privilege,
)
from doctors.pages.duty import duty
from doctors.pages.prices import prices
from doctors.pages.replies import replies, reply
from doctors.pages.settings import (
    cancel_leave,
    hours,
    leave,
    promises,
    receiving,
    service,
    settings,
)
from doctors.pages.staff import staff
from doctors.pages.training import training

__all__ = [
    "account",
    "cancel_leave",
    "credential",
    "duty",
    "hours",
    "leave",
    "paper",
    "prices",
    "privilege",
    "promises",
    "receiving",
    "replies",
    "reply",
    "service",
    "settings",
    "staff",
    "training",
    "withdraw",
    "withdraw_privilege",
]
