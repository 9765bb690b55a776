"""What other hospitals wrote, handed in and looked at; and which diagnoses are one disease."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from hospital.files.models import File
from hospital.kernel import guards
from hospital.kernel.encrypted import EncryptedDateField, EncryptedTextField
from hospital.kernel.lifecycle import Face
from patients.lifecycle import EVIDENCE, EvidenceState
from patients.models.people import Patient

CATEGORY = 3  # characters of ICD-10 that name a disease
WAS_CONFIRMED = (EvidenceState.CONFIRMED, EvidenceState.EXPIRED, EvidenceState.REVOKED)
_REVIEWED = (*WAS_CONFIRMED, EvidenceState.REFUSED)
_NOT_OF_ONES_OWN = """
    IF EXISTS (SELECT FROM patients_link
               WHERE account_id = NEW.reviewer_id AND patient_id = NEW.patient_id) THEN
        RAISE EXCEPTION 'nobody reviews evidence of themselves or their family';
    END IF;
    RETURN NEW;
"""


class Evidence(models.Model):
    """外院病历: one paper of a physical hospital, for one department here to look at.

    What it proves (diagnosis, day, institution) is what the reviewer read in it, never what
    somebody typed who handed it in.
    """

    class Kind(models.TextChoices):
        OUTPATIENT_RECORD = "outpatient_record", _("门诊病历")
        INPATIENT_RECORD = "inpatient_record", _("住院病历")
        DISCHARGE_SUMMARY = "discharge_summary", _("出院小结")
        DIAGNOSIS_CERTIFICATE = "diagnosis_certificate", _("诊断证明")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="papers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24, choices=Kind)
    department = models.CharField(max_length=32)  # the code of where the patient wants to be seen
    note = EncryptedTextField(default="")  # what the patient says of it
    state: Any = models.CharField(
        max_length=12, choices=EvidenceState, default=EvidenceState.SUBMITTED
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    diagnosis = EncryptedTextField(null=True)  # ICD-10
    diagnosis_name = EncryptedTextField(null=True)
    issued_by = EncryptedTextField(null=True)  # the hospital
    visited_on = EncryptedDateField(null=True)
    expires_on = models.DateField(null=True)  # the last day on which it counts
    revoker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)  # withdrawn, expired or revoked
    why = EncryptedTextField(default="")  # it was refused or revoked, as the patient reads it

    class Meta:
        verbose_name = _("外院病历")
        verbose_name_plural = _("外院病历")
        indexes = [
            models.Index(fields=["patient", "-at"], name="evidence_of_patient"),
            models.Index(
                fields=["department", "at"], condition=Q(state="submitted"), name="evidence_waiting"
            ),
            models.Index(
                fields=["expires_on"], condition=Q(state="confirmed"), name="evidence_to_expire"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="evidence_state", condition=Q(state__in=EvidenceState.values)
            ),
            models.CheckConstraint(
                name="evidence_reviewed_by_another",
                condition=Q(~Q(state__in=_REVIEWED), reviewer=None, reviewed_at=None)
                | Q(
                    ~Q(reviewer=F("by")),
                    state__in=_REVIEWED,
                    reviewer__isnull=False,
                    reviewed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="evidence_confirmed_is_whole",
                condition=Q(~Q(state__in=WAS_CONFIRMED), expires_on=None)
                | Q(
                    state__in=WAS_CONFIRMED,
                    expires_on__isnull=False,
                    diagnosis__isnull=False,
                    diagnosis_name__isnull=False,
                    issued_by__isnull=False,
                    visited_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="evidence_ended_has_a_time",
                condition=Q(state__in=["withdrawn", "expired", "revoked"], ended_at__isnull=False)
                | Q(state__in=["submitted", "confirmed", "refused"], ended_at=None),
            ),
            models.CheckConstraint(
                name="evidence_revoked_by_somebody",
                condition=Q(state="revoked", revoker__isnull=False)
                | (~Q(state="revoked") & Q(revoker=None)),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="evidence_steps", field="state", transitions=EVIDENCE.edges),
            pgtrigger.Protect(
                name="evidence_begins_submitted",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df=EvidenceState.SUBMITTED),
            ),
            guards.stands(
                name="evidence_as_handed_in",
                where=guards.changed(
                    "public_id", "patient_id", "by_id", "at", "kind", "department", "note"
                ),
            ),
            guards.stands(
                name="evidence_as_confirmed",
                where="OLD.state <> 'submitted' AND ("
                + guards.changed(
                    "reviewer_id",
                    "reviewed_at",
                    "diagnosis",
                    "diagnosis_name",
                    "issued_by",
                    "visited_on",
                    "expires_on",
                )
                + ")",
            ),
            pgtrigger.Trigger(
                name="evidence_not_of_ones_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__reviewer__df=pgtrigger.F("new__reviewer")),
                func=_NOT_OF_ONES_OWN,
            ),
            pgtrigger.Protect(name="evidence_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return EVIDENCE.faces[self.state]


class EvidencePage(models.Model):
    """One picture or PDF of a paper."""

    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="pages")
    file = models.OneToOneField(File, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("外院病历的一页")
        verbose_name_plural = _("外院病历的一页")
        triggers = guards.append_only_plain()

    def __str__(self) -> str:
        return str(self.file_id)


class SameDisease(models.Model):
    """That two diagnoses of different categories are one disease of this patient, says a doctor.

    `first` was confirmed by a physical hospital. Codes are in no order of their own.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="same_diseases")
    first = models.CharField(max_length=16)  # ICD-10
    second = models.CharField(max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = EncryptedTextField()
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("同一种病的确认")
        verbose_name_plural = _("同一种病的确认")
        constraints = [
            models.CheckConstraint(
                name="same_disease_of_two_categories",
                condition=~Q(Exact(Left("first", CATEGORY), Left("second", CATEGORY))),
            ),
            models.CheckConstraint(
                name="same_disease_taken_back_by_somebody",
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["patient", "first", "second"],
                condition=Q(taken_back_at=None),
                name="same_disease_once",
            ),
        ]
        triggers = [
            guards.stands(
                name="same_disease_stands",
                where=guards.changed(
                    "public_id", "patient_id", "first", "second", "by_id", "at", "reason"
                )
                + " OR OLD.taken_back_at IS NOT NULL",
            ),
            pgtrigger.Protect(name="same_disease_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.first} = {self.second}"
