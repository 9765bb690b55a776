"""Under which licence somebody practises."""

from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from doctors import licences
from doctors.lifecycle import State
from doctors.models import Clinician, Credential
from hospital.accounts.models import User
from hospital.accounts.roles import Role

EXPIRES_SOON: Final = 60  # days before which a licence should be renewed


def credential_for_share(clinician: Clinician, on: date) -> Credential | None:
    """The credential in force, held until the transaction ends: a suspension waits for it.

    A suspension that was first is waited for, and then there is no such credential.
    """
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    rows = Credential.objects.raw(
        "SELECT * FROM doctors_credential"
        " WHERE clinician_id = %s AND state = %s AND ends_on >= %s FOR SHARE",
        [clinician.pk, State.APPROVED.value, on],
    )
    return next(iter(rows), None)


def days_left(clinician: Clinician, on: date) -> int | None:
    """How many days the credential in force still lasts; None where there is none."""
    until = Credential.objects.filter(
        clinician=clinician, state=State.APPROVED, ends_on__gte=on
    ).values_list("ends_on", flat=True)
    return (until[0] - on).days if until else None


def identity_numbers(user: Any) -> set[str]:
    """The identity numbers in the certificates of this account's holder, in force or not."""
    held = Credential.objects.filter(clinician__user=user)
    return {licences.identity_number(each.qualification_no) for each in held} - {""}


def locked_credential(credential: Credential) -> Credential:
    """The credential, locked with all others of the same person, in id order."""
    rows = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("clinician__user")
        .filter(clinician_id=credential.clinician_id)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}[credential.pk]


def medical_affairs() -> QuerySet[User]:
    """Whom what goes wrong with a licence is told."""
    return User.objects.filter(roles__contains=[Role.MEDICAL_AFFAIRS], is_active=True)


def credentials_visible_to(user: User) -> QuerySet[Credential]:
    """One's own, and for medical affairs everybody's; the newest first."""
    rows = Credential.objects.select_related("clinician__department").order_by(
        "-submitted_at", "-pk"
    )
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.filter(clinician__user=user)
