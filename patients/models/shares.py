"""One person lets another in: a patient shares the record with a doctor, or agrees to 会诊."""

import uuid
from datetime import timedelta
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from patients.lifecycle import SHARE, ShareState
from patients.models.people import Patient

LONGEST = timedelta(days=180)


class Share(models.Model):
    """That the patient's side lets one doctor read the record, until when; kept when it is over."""

    class Kind(models.TextChoices):
        SHARED = "shared", _("您共享的")
        CONSULT = "consult", _("会诊")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="shares")
    doctor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    state: Any = models.CharField(max_length=8, choices=ShareState, default=ShareState.STANDING)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stream = models.UUIDField(null=True)  # of a 会诊: the visit with which it ends
    why = EncryptedTextField(default="")
    until = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("病历共享")
        verbose_name_plural = _("病历共享")
        indexes = [
            models.Index(fields=["patient", "-asked_at"], name="share_of_patient"),
            models.Index(fields=["doctor", "-asked_at"], name="share_with_doctor"),
            models.Index(
                fields=["until"],
                condition=Q(state__in=[ShareState.ASKED, ShareState.STANDING]),
                name="share_to_end",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="share_state", condition=Q(state__in=ShareState.values)),
            models.UniqueConstraint(
                fields=["patient", "doctor"],
                condition=Q(state__in=[ShareState.ASKED, ShareState.STANDING]),
                name="share_once",
            ),
            models.CheckConstraint(
                name="share_kind",
                condition=Q(kind="shared", stream=None) | Q(kind="consult", stream__isnull=False),
            ),
            models.CheckConstraint(
                name="share_not_with_oneself", condition=~Q(doctor=F("asked_by"))
            ),
            models.CheckConstraint(
                name="share_is_bounded",
                condition=Q(until__gt=F("asked_at"), until__lte=F("asked_at") + LONGEST),
            ),
            models.CheckConstraint(
                name="share_is_agreed_to",
                condition=Q(
                    state__in=[ShareState.STANDING, ShareState.ENDED],
                    agreed_at__isnull=False,
                    agreed_by__isnull=False,
                )
                | Q(
                    state__in=[ShareState.ASKED, ShareState.DECLINED, ShareState.LAPSED],
                    agreed_at=None,
                    agreed_by=None,
                ),
            ),
            models.CheckConstraint(
                name="share_ended_has_a_time",
                condition=Q(
                    state__in=[ShareState.ASKED, ShareState.STANDING], ended_at__isnull=True
                )
                | Q(
                    state__in=[ShareState.ENDED, ShareState.DECLINED, ShareState.LAPSED],
                    ended_at__isnull=False,
                ),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="share_steps", field="state", transitions=SHARE.edges),
            pgtrigger.ReadOnly(
                name="share_stands",
                fields=["patient", "doctor", "kind", "asked_at", "asked_by", "stream", "until"],
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return SHARE.faces[self.state]


class RecordGrant(UserObjectPermissionBase):
    """guardian's row of a share that stands: this user may `view_record` of this patient.

    A direct foreign key instead of guardian's generic one, so that it goes with the patient or
    the share and is never an orphan. Read in one place, `selectors.shared_with`.
    """

    content_object = models.ForeignKey(Patient, models.CASCADE, related_name="record_grants")
    share = models.OneToOneField(Share, models.CASCADE, related_name="grant")
    until = models.DateTimeField()

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("病历授权")
        verbose_name_plural = _("病历授权")
