"""What is known of a patient's health beside the hospital's own mirror."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField
from patients.models.people import Patient
from patients.steps import BY_CODE


class Answer(models.Model):
    """That one question of the e-record was answered, or put off; the newest answer to each.

    `said` holds what stands nowhere else: the insurance card, whom to call.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="answers")
    step = models.CharField(max_length=12)
    at = models.DateTimeField()
    is_skipped = models.BooleanField(default=False)
    said = EncryptedJSONField(default=dict)

    class Meta:
        verbose_name = _("建档回答")
        verbose_name_plural = _("建档回答")
        constraints = [
            models.UniqueConstraint(fields=["patient", "step"], name="answer_once"),
            models.CheckConstraint(name="answer_step", condition=Q(step__in=sorted(BY_CODE))),
            models.CheckConstraint(
                name="answer_skipped_where_lawful",
                condition=Q(is_skipped=False)
                | Q(step__in=sorted(code for code, step in BY_CODE.items() if step.may_skip)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.public_id}"


class Allergy(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="allergies")
    to = EncryptedTextField()  # a drug, a group, an ingredient
    kind = models.CharField(max_length=8, default="other", db_default="other")
    code = models.CharField(max_length=16, blank=True, default="", db_default="")  # group or ATC
    reaction = models.CharField(max_length=16)  # anaphylaxis | severe | mild
    source = models.CharField(max_length=8)  # self | his | doctor
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("过敏史")
        verbose_name_plural = _("过敏史")
        constraints = [
            models.CheckConstraint(
                name="allergy_reaction",
                condition=Q(reaction__in=["anaphylaxis", "severe", "mild"]),
            ),
            models.CheckConstraint(
                name="allergy_kind", condition=Q(kind__in=["group", "drug", "other"])
            ),
            models.CheckConstraint(
                name="allergy_code_is_of_the_catalogue",
                condition=Q(kind="other", code="") | ~Q(kind="other") & ~Q(code=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Medicine(models.Model):
    """A medicine that the patient takes, from whichever source, until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="medicines")
    name = models.CharField(max_length=128)
    atc = models.CharField(max_length=8, blank=True)
    dosage = EncryptedTextField(default="")
    since = models.DateField()
    until = models.DateField(null=True)  # None: for good
    source = models.CharField(max_length=8)  # ours | his | self
    origin = models.UUIDField(null=True)  # the prescription that it comes from
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("在用药品")
        verbose_name_plural = _("在用药品")
        indexes = [models.Index(fields=["patient", "-since"], name="medicine_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "name"], condition=~Q(origin=None), name="medicine_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class OnlineVisit(models.Model):
    """A consultation as it stands in the health record; written by `note_visit`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="online_visits")
    visit = models.UUIDField(unique=True)  # the consultation's public id
    at = models.DateTimeField()
    department = models.CharField(max_length=64)
    doctor = models.CharField(max_length=64)
    diagnoses = models.JSONField(default=list)  # [{"code", "name"}]
    outcome = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("线上就诊")
        verbose_name_plural = _("线上就诊")
        indexes = [models.Index(fields=["patient", "-at"], name="online_visit_newest")]

    def __str__(self) -> str:
        return str(self.visit)
