"""急诊查阅 as each person may see it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from hospital.accounts.roles import Role
from hospital.kernel import identity
from hospital.kernel.encrypted import index_of
from patients import colleagues
from patients.lifecycle import GlassState
from patients.models import Glass, Patient
from patients.models.glasses import REVIEWED


def under_glass(user: Any) -> QuerySet[Patient]:
    """The one patient whose record this doctor has opened by break-glass, until its time is up."""
    if not user.holds(Role.DOCTOR):
        return Patient.objects.none()
    live = _live(user).filter(by__in=colleagues.directory().practising())
    return Patient.objects.filter(pk__in=live.values("patient"))


def live_glass(user: Any) -> Glass | None:
    """The look that `user` has open now, by the database's clock."""
    return _live(user).select_related("patient__person").first()


def _live(user: Any) -> QuerySet[Glass]:
    return Glass.objects.filter(by=user, state=GlassState.OPEN, until__gt=Now())


def glasses_of(user: Any) -> QuerySet[Glass]:
    """A doctor's own, the newest first."""
    return Glass.objects.filter(by=user).select_related("patient").order_by("-opened_at", "-pk")


def glasses_named(public_ids: Collection[UUID]) -> dict[str, Glass]:
    """Those that events name, by public id."""
    return {str(each.public_id): each for each in Glass.objects.filter(public_id__in=public_ids)}


def locked_glass(glass: Glass) -> Glass:
    rows = Glass.objects.select_related("patient", "by").select_for_update(of=("self",))
    return rows.get(pk=glass.pk)


def by_number(id_number: str) -> Patient | None:
    """The patient with exactly this document number."""
    number = identity.normalise(id_number)
    return Patient.objects.filter(id_index=index_of(Patient, "id_index", number)).first()


def to_review(at: datetime) -> QuerySet[Glass]:
    """Every look that somebody has still to judge."""
    return Glass.objects.exclude(state__in=REVIEWED).filter(opened_at__lte=at)


def overdue_reviews(at: datetime) -> QuerySet[Glass]:
    """Those that should have been judged by now."""
    return to_review(at).filter(review_by__lte=at)


def glasses_to_end(at: datetime) -> QuerySet[Glass]:
    return Glass.objects.filter(state=GlassState.OPEN, until__lte=at).order_by("pk")
