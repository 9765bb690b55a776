"""Consultations whose doctor may not go on, and to whom they are offered."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from doctors import selectors as doctors_of
from doctors.models import Clinician
from hospital.consultations.lifecycle import ALIVE, HandoverState
from hospital.consultations.models import Consultation, Handover
from hospital.consultations.selectors.practice import able_on, practising_now
from hospital.consultations.selectors.receiving import receiving_now
from hospital.kernel.calendar import local_date

_SHOWN: Final = (
    "consultation__patient",
    "consultation__doctor__department",
    "former__department",
    "former__user",
)


def stranded(at: datetime) -> QuerySet[Consultation]:
    """Those alive whose doctor may not practise, and that are not offered to colleagues yet."""
    offered = Handover.objects.filter(consultation=OuterRef("pk"), state=HandoverState.ASKED)
    rows = Consultation.objects.filter(~Exists(offered), state__in=ALIVE)
    return rows.exclude(doctor__in=able_on(local_date(at)).values("pk")).order_by("pk")


def asked() -> QuerySet[Handover]:
    """What waits for a colleague, the longest first."""
    rows = Handover.objects.filter(state=HandoverState.ASKED).select_related(*_SHOWN)
    return rows.order_by("asked_at", "pk")


def offered_to(user: Any) -> QuerySet[Handover]:
    """What this doctor may take: of their own department, while they practise and receive."""
    mine = practising_now([user]).filter(is_receiving=True)
    return (
        asked()
        .filter(
            former__department__in=mine.values("department"),
            consultation__patient__restricted_at=None,
        )
        .exclude(former__user=user)
    )


def colleagues_for(handover: Handover, at: datetime) -> QuerySet[Clinician]:
    """To whom it is offered: who takes such visits now, in the same department."""
    rows = doctors_of.receiving(handover.consultation.kind, on=local_date(at))
    rows = rows.filter(receiving_now(at), department=handover.former.department_id)
    rows = rows.exclude(pk=handover.former_id)
    return rows.filter(pk__in=able_on(local_date(at)).values("pk")).select_related("user")


def locked_handover(handover: Handover) -> Handover:
    """The row as it stands now. Lock its consultation before it."""
    rows = Handover.objects.select_related("former__department", "former__user")
    return rows.select_for_update(of=("self",)).get(pk=handover.pk)


def open_handover(consultation: Consultation) -> Handover | None:
    """The offer of this consultation that waits, held. The caller holds the consultation."""
    rows = Handover.objects.select_for_update(of=("self",)).select_related("former")
    return rows.filter(consultation=consultation, state=HandoverState.ASKED).first()


def latest_handover(consultation: Consultation) -> Handover | None:
    """How it stands with this consultation's doctor, for those who see the consultation."""
    rows = Handover.objects.select_related("former", "taken_by")
    return rows.filter(consultation=consultation).order_by("-pk").first()


def doctors_in(consultation: Consultation) -> Q:
    """Over users: the doctor who attends, and those who attended before."""
    former = Handover.objects.filter(consultation=consultation, state=HandoverState.TAKEN)
    return Q(by=consultation.doctor.user_id) | Q(by__in=former.values("former__user"))


def former_doctors(consultation: Consultation) -> list[Handover]:
    """Who attended it before, and until when, the first of them first."""
    rows = Handover.objects.filter(consultation=consultation, state=HandoverState.TAKEN)
    return list(rows.select_related("former").order_by("pk"))


def due_handovers(at: datetime, *, most: int) -> list[int]:
    """Which nobody has taken in time."""
    rows = Handover.objects.filter(state=HandoverState.ASKED, until__lte=at).order_by("until", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def needless_handovers(at: datetime, *, most: int) -> list[int]:
    """Whose own doctor may practise again."""
    rows = Handover.objects.filter(
        state=HandoverState.ASKED, former__in=able_on(local_date(at)).values("pk")
    )
    return list(rows.order_by("pk").values_list("pk", flat=True)[:most])
