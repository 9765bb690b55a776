"""Which first page and which shell belong to a person's roles."""

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest

HOMES: Final = (("doctor", "home:doctor"), ("pharmacist", "home:pharmacist"), ("patient", ""))
MANAGERS: Final = "admin:index"
SHELLS: Final = {"doctor": "web/doctor.html", "pharmacist": "web/pharmacist.html"}
PATIENT_SHELL, STAFF_SHELL = "web/patient.html", "web/staff.html"


def roles_of(user: Any) -> frozenset[str]:
    return frozenset(user.roles) if user.is_authenticated else frozenset()


def work_home(user: Any) -> str:
    """The URL name of the first page of somebody who works here; empty for patients."""
    roles = roles_of(user)
    for role, name in HOMES:
        if role in roles and (name or not user.is_staff):
            return name
    return MANAGERS if user.is_staff else ""


def shell_of(user: Any) -> str:
    roles = roles_of(user)
    for role, shell in SHELLS.items():
        if role in roles:
            return shell
    return STAFF_SHELL if getattr(user, "is_staff", False) else PATIENT_SHELL


def stands_in(request: HttpRequest, roles: Iterable[str]) -> bool:
    return not roles_of(request.user).isdisjoint(roles)
