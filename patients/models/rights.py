"""What patients ask of us as the persons concerned: a copy of everything, a correction."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from patients.lifecycle import CORRECTION, EXPORT, CorrectionState, ExportState
from patients.models.people import Patient


class Export(models.Model):
    """A copy of everything that one patient has here, sealed, for one account, for a day (PI-08).

    Its bytes lie in `hospital.files.parcels` under `public_id`. `began_at` is the lease of the
    worker that makes it: made again from the start by another where that one died.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="exports")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state: Any = models.CharField(max_length=8, choices=ExportState, default=ExportState.ASKED)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the bytes

    class Meta:
        verbose_name = _("资料副本")
        verbose_name_plural = _("资料副本")
        indexes = [
            models.Index(
                fields=["state", "asked_at"],
                condition=Q(state__in=[ExportState.ASKED, ExportState.READY]),
                name="export_alive",
            )
        ]
        constraints = [
            models.CheckConstraint(name="export_state", condition=Q(state__in=ExportState.values)),
            models.CheckConstraint(
                name="export_ready_is_whole",
                condition=~Q(state=ExportState.READY)
                | Q(ready_at__isnull=False, ends_at__gt=F("ready_at"), size__gt=0),
            ),
            models.UniqueConstraint(
                fields=["patient", "account"],
                condition=Q(state__in=[ExportState.ASKED, ExportState.READY]),
                name="export_one_alive",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="export_steps", field="state", transitions=EXPORT.edges),
            pgtrigger.ReadOnly(
                name="export_stands", fields=["public_id", "patient", "account", "asked_at"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return EXPORT.faces[self.state]


class Correction(models.Model):
    """更正: what a patient says is wrong in the record, and what medical affairs answer (PI-08).

    The record itself is never overwritten: what is granted is an addendum, and this is it.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = EncryptedTextField()  # which entry, and what is wrong with it
    state: Any = models.CharField(
        max_length=8, choices=CorrectionState, default=CorrectionState.ASKED
    )
    due_on = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    answer = EncryptedTextField(default="")

    class Meta:
        verbose_name = _("更正申请")
        verbose_name_plural = _("更正申请")
        indexes = [models.Index(fields=["patient", "-at"], name="correction_of_patient")]
        constraints = [
            models.CheckConstraint(
                name="correction_state", condition=Q(state__in=CorrectionState.values)
            ),
            models.CheckConstraint(
                name="correction_is_answered_by_somebody",
                condition=Q(state=CorrectionState.ASKED, answered_at=None, answered_by=None)
                | Q(
                    ~Q(state=CorrectionState.ASKED),
                    ~Q(answered_by=F("by")),
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="correction_steps", field="state", transitions=CORRECTION.edges),
            pgtrigger.ReadOnly(
                name="correction_stands", fields=["public_id", "patient", "by", "at", "due_on"]
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return CORRECTION.faces[self.state]
