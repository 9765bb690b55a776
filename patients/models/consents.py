"""What is agreed to, and by whom."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.sentences import in_english
from patients.models.people import Patient


class ConsentText(models.Model):
    """One version of what is agreed to. Published once, then never changed."""

    kind = models.CharField(max_length=24)  # service | sensitive | courier | guardian
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    body = models.TextField()
    body_en = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        verbose_name = _("知情同意书")
        verbose_name_plural = _("知情同意书")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"

    @property
    def said_title(self) -> str:
        """The title in the reader's language; the English text begins with its own."""
        return self.body_en.split("\n", 1)[0] if in_english() else self.title


class Consent(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # of the text that was shown
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("知情同意")
        verbose_name_plural = _("知情同意")
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "text"], condition=Q(withdrawn_at=None), name="consent_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
