"""The staff as the patients' room may know them (`patients.colleagues`)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDate

from doctors import selectors as doctors_of
from doctors.models import Clinician
from doctors.selectors import licensed
from hospital.accounts.models import User
from patients.colleagues import Colleague

MOST: Final = 30


class Staff:
    """Doctors' own rows, told in the other room's words."""

    def departments(self) -> Sequence[tuple[str, str]]:
        rows = _practising().order_by("department__order", "department__pk")
        found = {each.department.code: each.department.said for each in rows}
        return list(found.items())

    def find(self, *, department: str, name: str) -> Sequence[Colleague]:
        rows = _practising()
        if department:
            rows = rows.filter(department__code=department)
        if name.strip():
            rows = rows.filter(name__contains=name.strip())
        return [_colleague(each) for each in rows.order_by("department__order", "pk")[:MOST]]

    def practising(self) -> QuerySet[User]:
        return User.objects.filter(posts__in=_practising())

    def places(self, user: Any) -> Collection[str]:
        return list(_practising().filter(user=user).values_list("department__code", flat=True))

    def numbers(self, user: Any) -> Collection[str]:
        return doctors_of.identity_numbers(user)

    def named(self, users: Collection[UUID]) -> Mapping[UUID, Colleague]:
        rows = Clinician.objects.select_related("department", "user")
        return {
            each.user.public_id: _colleague(each) for each in rows.filter(user__public_id__in=users)
        }


def _practising() -> QuerySet[Clinician]:
    """The doctors whose credential is in force now, by the database's clock."""
    rows = Clinician.objects.select_related("department", "user")
    return rows.filter(licensed(TruncDate(Now())), kind="doctor", user__is_active=True)


def _colleague(who: Clinician) -> Colleague:
    return Colleague(
        user=who.user.public_id,
        name=who.name,
        department=who.department.said,
        title=str(who.get_title_display()),
    )
