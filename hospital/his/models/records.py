"""What the mirror holds. It keeps its own persons; who they are here is decided in `patients`."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.kernel import identity
from hospital.kernel.encrypted import (
    BlindIndexField,
    EncryptedDateField,
    EncryptedJSONField,
    EncryptedTextField,
)


class Mirrored(models.Model):
    """A row that follows a resource of the hospital's system."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fhir_id = models.CharField(max_length=64, unique=True)
    version = models.CharField(max_length=32, blank=True)
    updated_at = models.DateTimeField()  # there
    pulled_at = models.DateTimeField()  # here

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.fhir_id


class Person(Mirrored):
    name = EncryptedTextField()
    id_number = EncryptedTextField()
    id_index = BlindIndexField(of="id_number", normalise=identity.normalise, null=True, unique=True)
    phone = EncryptedTextField(null=True)
    birth_date = EncryptedDateField()
    sex = models.CharField(max_length=8)  # male | female
    contacts = EncryptedJSONField(
        null=True
    )  # [{"name", "phone", "relationship"}]: whom to call, guardians

    class Meta:
        verbose_name = _("院内患者")
        verbose_name_plural = _("院内患者")


class Document(models.Model):
    """A document other than the identity number by which the hospital knows a person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="documents")
    number = EncryptedTextField()  # `kind:number`: one number may stand on two kinds of document
    number_index = BlindIndexField(of="number", unique=True)

    class Meta:
        verbose_name = _("其他证件")
        verbose_name_plural = _("其他证件")

    def __str__(self) -> str:
        return str(self.public_id)


class Visit(Mirrored):
    """An encounter, with what was diagnosed in it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="visits")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)  # outpatient | inpatient | emergency
    department = models.CharField(max_length=64)
    doctor = models.CharField(max_length=64, blank=True)
    summary = EncryptedTextField(default="")

    class Meta:
        verbose_name = _("线下就诊")
        verbose_name_plural = _("线下就诊")
        indexes = [models.Index(fields=["person", "-at"], name="visit_newest")]


class Diagnosis(Mirrored):
    person = models.ForeignKey(Person, models.CASCADE, related_name="diagnoses")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="diagnoses")
    code = models.CharField(max_length=16)  # ICD-10
    name = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("线下诊断")
        verbose_name_plural = _("线下诊断")
        indexes = [models.Index(fields=["person", "-at"], name="diagnosis_newest")]


class Allergy(Mirrored):
    person = models.ForeignKey(Person, models.CASCADE, related_name="allergies")
    to = EncryptedTextField()
    reaction = models.CharField(max_length=16)  # anaphylaxis | severe | mild
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("线下过敏记录")
        verbose_name_plural = _("线下过敏记录")


class Report(Mirrored):
    person = models.ForeignKey(Person, models.CASCADE, related_name="reports")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16)  # laboratory | imaging
    title = EncryptedTextField()
    conclusion = EncryptedTextField(default="")
    results: Any = ArrayField(
        models.CharField(max_length=64), default=list
    )  # ids of its items there

    class Meta:
        verbose_name = _("检查检验报告")
        verbose_name_plural = _("检查检验报告")
        indexes = [models.Index(fields=["person", "-at"], name="report_newest")]


class Observation(Mirrored):
    """One item of a report: a plain number, or words.

    Numbers stay plain under a pseudonymous key; what was typed there is sealed.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="observations")
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="observations")
    at = models.DateTimeField()
    code = models.CharField(max_length=32)  # LOINC or the hospital's own
    name = models.CharField(max_length=64)
    value: Any = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    text = EncryptedTextField(null=True)  # 阴性, 1:64, <0.01
    expected = EncryptedTextField(null=True)  # the reference range, where it is in words
    flag = models.CharField(max_length=8, default="", db_default="")  # high | low | abnormal
    unit = models.CharField(max_length=24, blank=True)
    low: Any = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    high: Any = models.DecimalField(max_digits=12, decimal_places=4, null=True)

    class Meta:
        verbose_name = _("检验项目")
        verbose_name_plural = _("检验项目")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) ^ models.Q(text__isnull=True),
                name="observation_says_one",
            ),
            models.CheckConstraint(
                condition=models.Q(flag__in=["", "high", "low", "abnormal"]),
                name="observation_flags",
            ),
        ]
        indexes = [models.Index(fields=["person", "code", "-at"], name="observation_series")]


class Medicine(Mirrored):
    person = models.ForeignKey(Person, models.CASCADE, related_name="medicines")
    at = models.DateTimeField()
    name = EncryptedTextField()  # as it was typed there, where it has no code
    atc = models.CharField(max_length=8, blank=True)
    dosage = EncryptedTextField(default="")
    until = models.DateField(null=True)

    class Meta:
        verbose_name = _("线下用药")
        verbose_name_plural = _("线下用药")


class Stock(Mirrored):
    """How much of a medicine the hospital's pharmacy holds, in packs."""

    drug = models.CharField(
        max_length=160, unique=True
    )  # generic name and strength, as `formulary` keys it
    packs = models.IntegerField()

    class Meta:
        verbose_name = _("药房库存")
        verbose_name_plural = _("药房库存")
