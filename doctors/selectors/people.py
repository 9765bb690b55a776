"""Who works here, and where."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact

from doctors.lifecycle import State
from doctors.models import Clinician, Credential, Department
from hospital.accounts.models import User

# Asked of each row that is looked at. As a join it would be read in the order of the accounts,
# all of the patients' among them, before the first page is known.
_IS_ACTIVE = Subquery(User.objects.filter(pk=OuterRef("user")).values("is_active"))


def departments() -> QuerySet[Department]:
    """Where patients are seen, in the hospital's order. The pharmacy has no 诊疗科目."""
    return Department.objects.exclude(subject_code="")


def every_department() -> QuerySet[Department]:
    """Also those in which nobody is seen: whoever works here works in one of them."""
    return Department.objects.all()


def clinician_of(user: User, kind: str) -> Clinician | None:
    """Who this person is as a doctor, or as a pharmacist: some are both."""
    rows = Clinician.objects.select_related("department", "user")
    return rows.filter(user=user, kind=kind).first()


def posts_of(user: User) -> QuerySet[Clinician]:
    """All that this person is here, the doctor first."""
    return Clinician.objects.select_related("department", "user").filter(user=user).order_by("kind")


def held_clinician(clinician: Clinician) -> Clinician:
    """The row, locked with the other posts of the same person, in id order.

    What only points at them need not wait.
    """
    rows = Clinician.objects.select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in rows.filter(user=clinician.user_id).order_by("pk")}[clinician.pk]


def practising(on: date) -> QuerySet[Clinician]:
    """The doctors whose credential is in force: whom patients may be shown."""
    return Clinician.objects.select_related("department").filter(
        Exact(_IS_ACTIVE, Value(value=True)), in_force(on), kind="doctor"
    )


def licensed(on: Any) -> Exists:
    """Of clinicians: that one of their credentials is in force on this day, a date or the
    database's own. `in_force` is the same by joining."""
    return Exists(
        Credential.objects.filter(clinician=OuterRef("pk"), state=State.APPROVED, ends_on__gte=on)
    )


def in_force(on: date) -> Q:
    return Q(credentials__state=State.APPROVED, credentials__ends_on__gte=on)
