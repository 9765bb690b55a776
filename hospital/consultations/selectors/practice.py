"""Whether a doctor may practise now: licensed, with an account that stands and the doctor's role.

Whoever may not is out of every consultation at once: rows are looked up through these.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now, TruncDate

from doctors import selectors as doctors_of
from doctors.models import Clinician
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.calendar import local_date


def practising_now(users: Collection[Any]) -> QuerySet[Clinician]:
    """The posts as doctors of these users under which they may practise, by the database's day."""
    ids = [user.pk for user in users if user.holds(Role.DOCTOR)]
    return _able(TruncDate(Now())).filter(user__in=ids)


def able_on(day: date) -> QuerySet[Clinician]:
    """Every doctor who may practise on this day."""
    return _able(day)


def _able(day: Any) -> QuerySet[Clinician]:
    return Clinician.objects.filter(
        doctors_of.licensed(day),
        kind="doctor",
        user__is_active=True,
        user__roles__contains=[Role.DOCTOR.value],
    )


def holds_practice(doctor: Clinician, at: datetime) -> bool:
    """The same for one doctor, the licence held until the transaction ends: a suspension waits.

    Role and account are as they stand: taking them waits for nobody, and the sweep looks again.
    """
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    user = User.objects.get(pk=doctor.user_id)
    return (
        user.is_active
        and user.holds(Role.DOCTOR)
        and doctors_of.credential_for_share(doctor, local_date(at)) is not None
    )
