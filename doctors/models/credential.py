"""Under which licence somebody practises."""

import uuid
from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.licences import masked
from doctors.lifecycle import LIFECYCLE, State
from doctors.models.people import Clinician
from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face


class Credential(models.Model):
    """The licence under which somebody practises here, as medical affairs approved it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="credentials")
    state = models.CharField(max_length=12, choices=State, default=State.SUBMITTED)
    qualification_no = EncryptedTextField()  # 资格证书编码
    practice_no = EncryptedTextField()  # 执业证书编码
    institution = models.CharField(max_length=80)  # where registered
    scope = models.CharField(max_length=80)  # 执业范围
    independent_since = models.DateField()  # start of independent practice
    valid_until = models.DateField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why = EncryptedTextField(default="", blank=True)

    class Meta:
        verbose_name = _("执业资质")
        verbose_name_plural = _("执业资质")
        constraints = [
            models.CheckConstraint(name="credential_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(
                fields=["clinician"],
                condition=Q(state__in=[State.APPROVED, State.SUSPENDED]),
                name="credential_one_in_force",
            ),
            models.CheckConstraint(
                name="credential_decided_by_somebody",
                condition=Q(state=State.SUBMITTED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="credential_approved_by_another",
                condition=~Q(state=State.APPROVED) | ~Q(decided_by=models.F("submitted_by")),
            ),
            models.UniqueConstraint(
                fields=["clinician"],
                condition=Q(state=State.SUBMITTED),
                name="credential_one_submitted",
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="credential_steps", field="state", transitions=LIFECYCLE.edges)
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]

    @property
    def masked_qualification(self) -> str:
        return masked(self.qualification_no)

    @property
    def masked_practice(self) -> str:
        return masked(self.practice_no)

    def is_in_force(self, on: date) -> bool:
        return self.state == State.APPROVED and on <= self.valid_until
