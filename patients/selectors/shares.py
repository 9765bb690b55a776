"""Shared records: what a doctor was let in to, and whom a patient let in.

Grants are read here and nowhere else, and straight from their table: guardian's own shortcuts
disagree with each other (a list counts permissions that a role or a superuser has everywhere, a
question about one object does not), and know nothing of `until`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now

from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import colleagues
from patients.lifecycle import ShareState
from patients.models import Link, Patient, RecordGrant, Share
from patients.selectors.people import linked_to
from patients.standing import speaks

ALIVE = (ShareState.ASKED, ShareState.STANDING)


def shared_with(user: Any) -> QuerySet[Patient]:
    """The patients who let this doctor read their record now."""
    if not user.holds(Role.DOCTOR):
        return Patient.objects.none()
    return Patient.objects.filter(pk__in=_grants_to(user).values("content_object"))


def shares_with(user: Any) -> QuerySet[Share]:
    """The shares behind `shared_with`, the newest first."""
    rows = Share.objects.filter(grant__in=_grants_to(user)).select_related("patient", "asked_by")
    return rows.order_by("-agreed_at", "-pk")


def _grants_to(user: Any) -> QuerySet[RecordGrant]:
    return RecordGrant.objects.filter(
        user=user,
        user__in=colleagues.directory().practising(),
        permission__codename="view_record",
        until__gt=Now(),
        share__state=ShareState.STANDING,
    )


def shares_of(patient: Patient) -> QuerySet[Share]:
    """Whom the patient's side let in or was asked to, the newest first."""
    rows = Share.objects.filter(patient=patient).select_related("doctor", "asked_by", "agreed_by")
    return rows.order_by("-asked_at", "-pk")


def shares_answerable_by(user: Any) -> QuerySet[Share]:
    """The shares of oneself and family."""
    mine = linked_to(user, speaking=True).order_by().values("pk")
    return Share.objects.filter(patient__in=mine).select_related("patient", "doctor")


def locked_share(share: Share) -> Share:
    rows = Share.objects.select_related("patient", "doctor", "asked_by")
    return rows.select_for_update(of=("self",)).get(pk=share.pk)


def doctor_of(public_id: UUID) -> User | None:
    """The account of a doctor who may practise now."""
    return colleagues.directory().practising().filter(public_id=public_id).first()


def shares_to_end(at: datetime) -> QuerySet[Share]:
    return Share.objects.filter(state__in=ALIVE, until__lte=at).order_by("pk")


def shares_of_stream(stream: UUID) -> QuerySet[Share]:
    """The 会诊 of a visit that are not over."""
    return Share.objects.filter(stream=stream, state__in=ALIVE).order_by("pk")


def nearest_to(patient: Patient) -> QuerySet[Link]:
    """Who speaks for the patient: themselves and guardians; where there are none, who acts."""
    links = Link.objects.filter(speaks(), patient=patient).select_related("account")
    near = links.filter(relation="self") | links.filter(is_guardian=True)
    return (near if near.exists() else links).order_by("since", "pk")
