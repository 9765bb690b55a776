"""The papers beside a licence."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models.credential import Credential
from hospital.files.models import File
from hospital.kernel import guards

_BEFORE_IT_IS_DECIDED = """
    IF (SELECT state FROM doctors_credential WHERE id = NEW.credential_id FOR SHARE) <> 'submitted'
    THEN RAISE EXCEPTION 'papers are added before the decision'; END IF;
    RETURN NEW;
"""


class Paper(models.Model):
    """One picture or PDF that its holder put beside a licence before it was decided about."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", _("身份证")
        QUALIFICATION = "qualification", _("资格证书")
        PRACTICE = "practice", _("执业证书")
        TITLE = "title", _("职称证书")
        CONSENT = "consent", _("执业机构同意书")
        FILING = "filing", _("多机构执业备案")
        INSURANCE = "insurance", _("医疗责任保险单")
        TRAINING = "training", _("培训考核证明")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    credential = models.ForeignKey(Credential, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=16, choices=Kind)
    file = models.OneToOneField(File, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("证明材料")
        verbose_name_plural = _("证明材料")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="paper_kind",
                condition=Q(
                    kind__in=[
                        "identity",
                        "qualification",
                        "practice",
                        "title",
                        "consent",
                        "filing",
                        "insurance",
                        "training",
                    ]
                ),
            )
        ]
        triggers = [
            *guards.append_only_plain(),
            pgtrigger.Trigger(
                name="before_it_is_decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_BEFORE_IT_IS_DECIDED,
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
