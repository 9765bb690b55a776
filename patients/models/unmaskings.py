"""That somebody saw in full what lists show masked."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.guards import append_only
from patients.models.people import Patient
from patients.unmasking import BY_CODE, DETAILS


class Unmasking(models.Model):
    """One manager, one patient, what was shown, and why (8.1.4.11b)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="unmaskings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    details: Any = ArrayField(models.CharField(max_length=16))
    reason = models.CharField(max_length=16)
    note = EncryptedTextField()

    class Meta:
        verbose_name = _("查看完整信息")
        verbose_name_plural = _("查看完整信息")
        indexes = [models.Index(fields=["patient", "-at"], name="unmasking_of_patient")]
        constraints = [
            models.CheckConstraint(
                name="unmasking_reason", condition=Q(reason__in=sorted(BY_CODE))
            ),
            models.CheckConstraint(
                name="unmasking_of_something",
                condition=Q(
                    details__contained_by=[detail.name for detail in DETAILS],
                    details__len__gte=1,
                ),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.public_id)
