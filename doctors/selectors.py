"""Who works here, under which licence, who receives patients, who is on duty."""

from datetime import date, datetime
from typing import Final

from django.db import connection
from django.db.models import F, FilteredRelation, Q, QuerySet

from doctors.lifecycle import State
from doctors.models import Clinician, Credential, Department, Duty, Service
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.calendar import local_date

EXPIRES_SOON: Final = 60  # days before which a licence should be renewed


def departments() -> QuerySet[Department]:
    """Where patients are seen, in the hospital's order. The pharmacy has no 诊疗科目."""
    return Department.objects.exclude(subject_code="")


def clinician_of(user: User) -> Clinician | None:
    return Clinician.objects.select_related("department", "user").filter(user=user).first()


def service_of(clinician: Clinician, kind: str) -> Service | None:
    return Service.objects.filter(clinician=clinician, kind=kind).first()


def practising(on: date) -> QuerySet[Clinician]:
    """The doctors whose credential is in force: whom patients may be shown."""
    return Clinician.objects.select_related("department").filter(
        _in_force(on), kind="doctor", user__is_active=True
    )


def receiving(kind: str, *, on: date) -> QuerySet[Clinician]:
    """The doctors who take patients for `kind` now, each with `price_fen` and `daily_quota`."""
    offered = FilteredRelation("services", condition=Q(services__kind=kind, services__is_on=True))
    return (
        practising(on)
        .annotate(offered=offered)
        .filter(is_receiving=True, offered__isnull=False)
        .annotate(price_fen=F("offered__price_fen"), daily_quota=F("offered__daily_quota"))
    )


def credential_for_share(clinician: Clinician, on: date) -> Credential | None:
    """The credential in force, held until the transaction ends: a suspension waits for it.

    A suspension that was first is waited for, and then there is no such credential.
    """
    assert connection.in_atomic_block, "a lock outside a transaction holds nothing"
    rows = Credential.objects.raw(
        "SELECT * FROM doctors_credential"
        " WHERE clinician_id = %s AND state = %s AND valid_until >= %s FOR SHARE",
        [clinician.pk, State.APPROVED.value, on],
    )
    return next(iter(rows), None)


def days_left(clinician: Clinician, on: date) -> int | None:
    """How many days the credential in force still lasts; None where there is none."""
    until = Credential.objects.filter(
        clinician=clinician, state=State.APPROVED, valid_until__gte=on
    ).values_list("valid_until", flat=True)
    return (until[0] - on).days if until else None


def locked_credential(credential: Credential) -> Credential:
    """The credential, locked with all others of the same person, in id order."""
    rows = (
        Credential.objects.select_for_update(of=("self",))
        .select_related("clinician__user")
        .filter(clinician_id=credential.clinician_id)
        .order_by("pk")
    )
    return {row.pk: row for row in rows}[credential.pk]


def credentials_visible_to(user: User) -> QuerySet[Credential]:
    """One's own, and for medical affairs everybody's; the newest first."""
    rows = Credential.objects.select_related("clinician__department").order_by(
        "-submitted_at", "-pk"
    )
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.filter(clinician__user=user)


def on_duty(kind: str, at: datetime) -> QuerySet[Clinician]:
    """Who of this kind is rostered at `at` and may practise."""
    return Clinician.objects.filter(
        _in_force(local_date(at)),
        pk__in=Duty.objects.filter(starts_at__lte=at, ends_at__gt=at).values("clinician"),
        kind=kind,
        user__is_active=True,
    )


def pharmacist_on_duty(at: datetime) -> bool:
    return on_duty("pharmacist", at).exists()


def _in_force(on: date) -> Q:
    return Q(credentials__state=State.APPROVED, credentials__valid_until__gte=on)
