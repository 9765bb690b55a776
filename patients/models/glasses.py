"""急诊查阅: a doctor reads a record without treating the patient, in full view of everybody."""

import uuid
from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from patients.lifecycle import GLASS, GlassState
from patients.models.people import Patient

LONGEST = timedelta(minutes=30)
REVIEWED = (GlassState.JUSTIFIED, GlassState.UNJUSTIFIED)


class Glass(models.Model):
    """One look at one patient's record by break-glass (SEC-17): until when, why, how it was judged.

    What was looked at stands in the trail, under this row's `public_id`.
    """

    class Reason(models.TextChoices):
        RESUSCITATION = "resuscitation", _("抢救，或生命有危险")
        UNRESPONSIVE = "unresponsive", _("急诊：患者不清醒，说不清病史")
        TRANSFER = "transfer", _("急会诊、急转院，接诊关系还没有建立")
        CRITICAL_VALUE = "critical-value", _("处理检验、检查的危急值")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="glasses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="glasses")
    reason = models.CharField(max_length=16, choices=Reason)
    note = EncryptedTextField()
    of_minor = models.BooleanField(default=False)  # PI-13
    state: Any = models.CharField(max_length=12, choices=GlassState, default=GlassState.OPEN)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    review_by = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)  # when the missing review raised an alarm
    reviewed_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    review_note = EncryptedTextField(default="")

    class Meta:
        verbose_name = _("急诊查阅")
        verbose_name_plural = _("急诊查阅")
        indexes = [
            models.Index(fields=["by", "-opened_at"], name="glass_of_doctor"),
            models.Index(
                fields=["review_by"], condition=Q(reviewed_at=None), name="glass_to_review"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="glass_state", condition=Q(state__in=GlassState.values)),
            models.UniqueConstraint(
                fields=["by"], condition=Q(state=GlassState.OPEN), name="glass_one_at_a_time"
            ),
            models.CheckConstraint(
                name="glass_is_short",
                condition=Q(until__gt=F("opened_at"), until__lte=F("opened_at") + LONGEST),
            ),
            models.CheckConstraint(
                name="glass_review_within_a_day",
                condition=Q(review_by__lte=F("opened_at") + timedelta(days=1)),
            ),
            models.CheckConstraint(
                name="glass_ended_has_a_time",
                condition=Q(state=GlassState.OPEN, ended_at=None)
                | Q(
                    ~Q(state=GlassState.OPEN),
                    ended_at__isnull=False,
                    ended_at__gte=F("opened_at"),
                    ended_at__lte=F("until"),
                ),
            ),
            models.CheckConstraint(
                name="glass_reviewed_by_another",
                condition=Q(~Q(state__in=REVIEWED), reviewed_at__isnull=True, reviewer__isnull=True)
                | Q(
                    ~Q(reviewer=F("by")),
                    state__in=REVIEWED,
                    reviewed_at__isnull=False,
                    reviewer__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="glass_steps", field="state", transitions=GLASS.edges),
            pgtrigger.ReadOnly(
                name="glass_stands",
                fields=["patient", "by", "reason", "of_minor", "opened_at", "until"],
            ),
            pgtrigger.Protect(name="glass_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return GLASS.faces[self.state]
