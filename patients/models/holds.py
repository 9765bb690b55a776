"""封存: what is kept whatever its term, because somebody disputes it.

医疗纠纷预防和处理条例 第二十四条.
"""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from patients.lifecycle import HOLD, HoldState
from patients.models.people import Patient


class LegalHold(models.Model):
    """That a patient's record, or one visit of it, is sealed: neither purged nor closed meanwhile.

    `digest` is over the digests of its list, in order: what was there when it was sealed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="holds")
    stream = models.UUIDField(null=True)  # one visit; None is the whole record
    state: Any = models.CharField(max_length=8, choices=HoldState, default=HoldState.STANDING)
    reason = EncryptedTextField()
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    items = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = EncryptedTextField(default="")  # why it was lifted

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = _("封存")
        indexes = [
            models.Index(
                fields=["patient"], condition=Q(state=HoldState.STANDING), name="hold_standing"
            )
        ]
        constraints = [
            models.CheckConstraint(name="hold_state", condition=Q(state__in=HoldState.values)),
            models.CheckConstraint(
                name="hold_lifted_by_another",
                condition=Q(state=HoldState.STANDING, lifted_at=None, lifted_by=None)
                | Q(
                    ~Q(lifted_by=F("placed_by")),
                    state=HoldState.LIFTED,
                    lifted_at__isnull=False,
                    lifted_by__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="hold_steps", field="state", transitions=HOLD.edges),
            pgtrigger.ReadOnly(
                name="hold_stands",
                fields=["public_id", "patient", "stream", "placed_at", "placed_by"],
            ),
            pgtrigger.Protect(name="hold_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return HOLD.faces[self.state]


class Sealed(models.Model):
    """One line of a hold's list: one thing, by its room's section and id, and its digest."""

    hold = models.ForeignKey(LegalHold, models.PROTECT, related_name="list")
    position = models.PositiveIntegerField()
    section = models.CharField(max_length=24)
    item = models.CharField(max_length=64)  # the thing's id within its section
    digest = models.CharField(max_length=64)  # SHA-256 of its canonical JSON

    class Meta:
        verbose_name = _("封存清单")
        verbose_name_plural = _("封存清单")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["hold", "position"], name="sealed_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.item}"
