"""Papers of other hospitals as each person may see them, and the diseases that are one."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet

from hospital.accounts.roles import Role
from hospital.files.models import File
from hospital.kernel.calendar import BEIJING, local_date
from patients import colleagues, kinship
from patients.lifecycle import EvidenceState
from patients.models import Evidence, Patient, SameDisease
from patients.selectors.people import linked_to, visible_to


def papers_of(patient: Patient) -> QuerySet[Evidence]:
    """All of one patient, the newest first."""
    return Evidence.objects.filter(patient=patient).order_by("-at", "-pk")


def own_papers(user: Any) -> QuerySet[Evidence]:
    """Those of oneself and of all for whom one acts now."""
    mine = linked_to(user).order_by().values("pk")
    return Evidence.objects.filter(patient__in=mine).select_related("patient")


def papers_to_review(user: Any) -> QuerySet[Evidence]:
    """What waits for this person's eyes: of no one near to them."""
    return reviewable_by(user).filter(state=EvidenceState.SUBMITTED)


def reviewable_by(user: Any) -> QuerySet[Evidence]:
    """All that is or was theirs to review, whatever came of it; see `permissions.may_review`."""
    rows = Evidence.objects.select_related("patient", "reviewer", "by")
    if not user.holds(Role.OUTPATIENT_OFFICE):
        places = colleagues.directory().places(user) if user.holds(Role.DOCTOR) else ()
        rows = rows.filter(department__in=places)
    near = kinship.near_to(user).values("pk")
    return rows.exclude(by=user).exclude(patient__in=near).filter(patient__restricted_at=None)


def confirmed_by(user: Any) -> QuerySet[Evidence]:
    """What this person confirmed and may still take back, the newest first."""
    rows = Evidence.objects.filter(reviewer=user, state=EvidenceState.CONFIRMED)
    return rows.select_related("patient").order_by("-reviewed_at", "-pk")


def locked_paper(paper: Evidence) -> Evidence:
    rows = Evidence.objects.select_related("patient__person", "by")
    return rows.select_for_update(of=("self",)).get(pk=paper.pk)


def papers_since_midnight(patient: Patient, at: datetime) -> int:
    midnight = datetime.combine(local_date(at), time.min, BEIJING)
    return Evidence.objects.filter(patient=patient, at__gte=midnight).count()


def papers_to_expire(on: date) -> QuerySet[Evidence]:
    """Those whose last day is behind us. They have not counted since."""
    late = Evidence.objects.filter(state=EvidenceState.CONFIRMED, expires_on__lt=on)
    return late.order_by("expires_on", "pk")


def may_read_page(user: Any, file: File) -> bool:
    """One's own side, who reviews the paper, and who looks after the patient."""
    whose = Q(patient__in=visible_to(user).values("pk")) | Q(
        pk__in=reviewable_by(user).values("pk")
    )
    return Evidence.objects.filter(whose, pages__file=file).exists()


def same_diseases_of(patient: Patient) -> QuerySet[SameDisease]:
    """The newest first, those that were taken back too."""
    rows = SameDisease.objects.filter(patient=patient).select_related("by", "taken_back_by")
    return rows.order_by("-at", "-pk")


def same_diseases_seen_by(user: Any) -> QuerySet[SameDisease]:
    """Of the patients whom this clinician may see, and one's own word wherever it stands."""
    seen = Q(patient__in=visible_to(user).values("pk")) | Q(by=user)
    return SameDisease.objects.filter(seen).select_related("patient")


def locked_same_disease(link: SameDisease) -> SameDisease:
    rows = SameDisease.objects.select_related("patient")
    return rows.select_for_update(of=("self",)).get(pk=link.pk)
