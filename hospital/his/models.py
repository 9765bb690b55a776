"""The mirror. It keeps its own persons; who they are on the platform is decided in `patients`."""

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
    """One measured item. Numbers stay plain under a pseudonymous key."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="observations")
    report = models.ForeignKey(Report, models.CASCADE, null=True, related_name="observations")
    at = models.DateTimeField()
    code = models.CharField(max_length=32)  # LOINC or the hospital's own
    name = models.CharField(max_length=64)
    value: Any = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=24, blank=True)
    low: Any = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    high: Any = models.DecimalField(max_digits=12, decimal_places=4, null=True)

    class Meta:
        verbose_name = _("检验项目")
        verbose_name_plural = _("检验项目")
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


class Cursor(models.Model):
    """How far the pull of one kind of resource has come."""

    resource = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField(null=True)
    pulled_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("同步进度")
        verbose_name_plural = _("同步进度")

    def __str__(self) -> str:
        return self.resource


class Quarantined(models.Model):
    """A resource that could not be taken over; IT looks at it, it is never merged."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resource = models.CharField(max_length=32)
    fhir_id = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200)
    body = EncryptedTextField()
    digest = models.CharField(max_length=64, null=True, unique=True)  # the same thing is kept once
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("隔离的数据")
        verbose_name_plural = _("隔离的数据")

    def __str__(self) -> str:
        return f"{self.resource}/{self.fhir_id}"
