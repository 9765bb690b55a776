"""What is known of a file; its bytes lie sealed under MEDIA_ROOT by its UUID."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.guards import append_only


class File(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=32)  # which room may say who reads it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    about = models.UUIDField(null=True)  # the patient
    stream = models.UUIDField(null=True)  # the visit
    at = models.DateTimeField()
    media_type = models.CharField(max_length=32)
    size = models.PositiveIntegerField()  # bytes, as served
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes as served
    name = EncryptedTextField(default="")  # as the person called it

    class Meta:
        verbose_name = _("文件")
        verbose_name_plural = _("文件")
        indexes = [models.Index(fields=["by", "at"], name="file_quota")]
        constraints = [
            models.CheckConstraint(
                name="file_media_type",
                condition=models.Q(media_type__in=["image/jpeg", "application/pdf"]),
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.public_id)
