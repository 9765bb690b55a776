"""保护名单: who was put on it or taken off, by whom and why."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.guards import append_only
from patients.models.people import Patient


class Protection(models.Model):
    """One decision; the newest of a patient is what `Patient.is_protected` says."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="protections")
    is_protected = models.BooleanField(_("受保护"))
    why = EncryptedTextField(_("理由"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("保护名单的决定")
        verbose_name_plural = _("保护名单的决定")
        indexes = [models.Index(fields=["patient", "-at"], name="protection_of_patient")]
        triggers: Any = append_only()

    def __str__(self) -> str:
        return str(self.public_id)
