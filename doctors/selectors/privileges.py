"""What the hospital lets somebody do, and until when."""

from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from doctors.lifecycle import PrivilegeState
from doctors.models import Clinician, Privilege
from hospital.accounts.models import User
from hospital.accounts.roles import Role


def privilege_for_share(clinician: Clinician, kind: str, on: date) -> Privilege | None:
    """The privilege in force, held until the transaction ends: a suspension waits for it.

    A suspension that was first is waited for, and then there is no such privilege.
    """
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    rows = Privilege.objects.raw(
        "SELECT * FROM doctors_privilege WHERE clinician_id = %s AND kind = %s AND state = %s"
        " AND starts_on <= %s AND ends_on >= %s FOR SHARE",
        [clinician.pk, kind, PrivilegeState.GRANTED.value, on, on],
    )
    return next(iter(rows), None)


def privileges_of(clinician: Clinician, on: date) -> QuerySet[Privilege]:
    """What somebody may do on this day."""
    return Privilege.objects.filter(_in_force(on), clinician=clinician).order_by("kind")


def holding(kind: str, on: date) -> Q:
    """Of clinicians: those who hold this privilege on this day."""
    return Q(pk__in=Privilege.objects.filter(_in_force(on), kind=kind).values("clinician"))


def _in_force(on: date) -> Q:
    return Q(state=PrivilegeState.GRANTED, starts_on__lte=on, ends_on__gte=on)


def locked_privilege(privilege: Privilege) -> Privilege:
    """The privilege, locked with all others of the same person, in id order."""
    rows = (
        Privilege.objects.select_for_update(of=("self",))
        .select_related("clinician__user")
        .filter(clinician_id=privilege.clinician_id)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}[privilege.pk]


def privileges_visible_to(user: User) -> QuerySet[Privilege]:
    """One's own, and for medical affairs everybody's; the newest first."""
    rows = Privilege.objects.select_related("clinician__department").order_by("-asked_at", "-pk")
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.filter(clinician__user=user)
