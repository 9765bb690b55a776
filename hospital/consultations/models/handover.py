"""A consultation whose doctor may not practise any more, offered to colleagues (ADR 0018)."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician
from hospital.consultations.lifecycle import HANDOVER, HandoverState
from hospital.consultations.models.visits import Consultation
from hospital.kernel import guards
from hospital.kernel.lifecycle import Face
from hospital.policy.models import Decision

_TAKEN = Q(
    taken_by__isnull=False,
    taken_at__isnull=False,
    verification__isnull=False,
    eligibility__isnull=False,
)
_NOBODY = Q(taken_by=None, taken_at=None, verification=None, eligibility=None)
_FIXED = ("public_id", "consultation_id", "former_id", "former_verification", "asked_at", "until")


class Handover(models.Model):
    """One offer of one open consultation. Taking it is accepting once more, by somebody else."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="handovers")
    state = models.CharField(max_length=8, choices=HandoverState, default=HandoverState.ASKED)
    former = models.ForeignKey(Clinician, models.PROTECT, related_name="+")
    former_verification = models.UUIDField()  # the check that the former doctor's part rests on
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    taken_by = models.ForeignKey(Clinician, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    verification = models.UUIDField(null=True)  # of whoever took it
    eligibility = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=16, blank=True)  # unattended | resumed | over

    class Meta:
        verbose_name = _("问诊交接")
        verbose_name_plural = _("问诊交接")
        indexes = [
            models.Index(fields=["until"], condition=Q(state="asked"), name="handover_asked"),
            models.Index(fields=["consultation", "-id"], name="handover_of_consultation"),
        ]
        constraints = [
            models.CheckConstraint(
                name="handover_state", condition=Q(state__in=HandoverState.values)
            ),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state="asked"), name="handover_one_asked"
            ),
            models.CheckConstraint(
                name="handover_taken_is_whole",
                condition=(Q(state="taken") & _TAKEN) | (~Q(state="taken") & _NOBODY),
            ),
            models.CheckConstraint(
                name="handover_taken_by_another", condition=~Q(taken_by=F("former"))
            ),
            models.CheckConstraint(
                name="handover_ended_says_when_and_why",
                condition=Q(
                    state="ended",
                    ended_at__isnull=False,
                    end_reason__in=["unattended", "resumed", "over"],
                )
                | (~Q(state="ended") & Q(ended_at=None, end_reason="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="along_the_lifecycle", field="state", transitions=HANDOVER.edges),
            pgtrigger.Protect(
                name="begins_asked",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df="asked"),
            ),
            guards.stands(
                name="fixed_when_asked",
                where=f"OLD.state <> 'asked' OR {guards.changed(*_FIXED)}",
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return HANDOVER.faces[self.state]
