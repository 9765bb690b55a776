"""Published versions, never changed; decisions, each with the version and facts it rests on."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.guards import append_only, append_only_plain


class Version(models.Model):
    """One published set of values. The highest number is in force."""

    number = models.PositiveIntegerField(unique=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    values = models.JSONField()  # name -> value; the names and types are `values.Policy`'s
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("规则版本")
        verbose_name_plural = _("规则版本")
        triggers = append_only_plain()

    def __str__(self) -> str:
        return f"v{self.number}"


class Decision(models.Model):
    """What the rules said about one act, with everything needed to say it again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=32)  # eligibility, prescription.check, prescription.sign …
    subject = models.CharField(max_length=96)  # app.model:uuid
    about = models.UUIDField(null=True)  # the patient
    stream = models.UUIDField(null=True)  # the visit
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8)  # pass | reason | block
    rules = models.JSONField(default=list)  # ids of the rules that found something
    policy = models.ForeignKey(Version, models.PROTECT, related_name="+")
    data_version = models.CharField(max_length=32)
    engine_version = models.CharField(max_length=32)
    facts = EncryptedTextField()  # canonical JSON of what was judged
    findings = EncryptedTextField()  # canonical JSON of what was found
    digest = models.CharField(max_length=64)  # over facts, findings and versions

    class Meta:
        verbose_name = _("规则判定")
        verbose_name_plural = _("规则判定")
        triggers = append_only()
        indexes = [
            models.Index(fields=["subject", "-id"], name="decision_subject"),
            models.Index(fields=["stream", "id"], name="decision_stream"),
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_outcome_is_known",
                condition=models.Q(outcome__in=["pass", "reason", "block"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
