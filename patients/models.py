"""Patients, who may act for them, what they agreed to, what is known of their health."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.his.models import Person
from hospital.kernel import identity
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField
from hospital.kernel.sentences import in_english


class Patient(models.Model):
    """One natural person, once. Accounts reach it only through a `Link`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = EncryptedTextField()
    id_number = EncryptedTextField()
    id_index = BlindIndexField(of="id_number", normalise=identity.normalise, unique=True)
    phone = EncryptedTextField(null=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=8)  # male | female
    person = models.OneToOneField(Person, models.PROTECT, null=True, related_name="+")
    real_name_at = models.DateTimeField(null=True)  # when name and number were found to agree
    is_demo = models.BooleanField(default=False)
    # what the prescription rules ask; None is "never answered"
    allergies_known_at = models.DateTimeField(null=True)
    pregnancy = models.CharField(max_length=8, default="unknown")  # no | yes | unknown
    is_lactating = models.BooleanField(default=False)
    weight_kg: Any = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    liver = models.CharField(max_length=8, default="normal")  # normal | impaired | severe
    history = EncryptedTextField(default="")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("患者")
        verbose_name_plural = _("患者")
        constraints = [
            models.CheckConstraint(name="patient_sex", condition=Q(sex__in=["male", "female"])),
            models.CheckConstraint(
                name="patient_pregnancy",
                condition=Q(pregnancy__in=["no", "unknown"]) | Q(pregnancy="yes", sex="female"),
            ),
            models.CheckConstraint(
                name="patient_liver", condition=Q(liver__in=["normal", "impaired", "severe"])
            ),
            models.CheckConstraint(
                name="patient_weight",
                condition=Q(weight_kg=None) | Q(weight_kg__gt=0, weight_kg__lte=500),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Link(models.Model):
    """That an account may act for a patient: oneself, a child, a parent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="links")
    relation = models.CharField(max_length=16)  # self | child | parent | spouse | other
    is_guardian = models.BooleanField(default=False)  # verified guardian of a minor
    is_proven = models.BooleanField(default=False)  # the hospital has this account's phone for them
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("就诊人关系")
        verbose_name_plural = _("就诊人关系")
        constraints = [
            models.CheckConstraint(
                name="link_relation",
                condition=Q(relation__in=["self", "child", "parent", "spouse", "other"]),
            ),
            models.CheckConstraint(
                name="link_guardian_of_child",
                condition=Q(is_guardian=False) | Q(relation="child", is_proven=True),
            ),
            models.CheckConstraint(
                name="link_family_is_proven", condition=Q(relation="self") | Q(is_proven=True)
            ),
            models.UniqueConstraint(
                fields=["account", "patient"], condition=Q(ended_at=None), name="link_once"
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended_at=None, relation="self"),
                name="link_one_self",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(ended_at=None, relation="self"),
                name="link_self_is_one_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} {self.public_id}"


class Allergy(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="allergies")
    to = EncryptedTextField()  # a drug, a group, an ingredient
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
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Medicine(models.Model):
    """A medicine that the patient takes, from whichever source, until when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="medicines")
    name = models.CharField(max_length=128)
    atc = models.CharField(max_length=8, blank=True)
    dosage = models.CharField(max_length=128, blank=True)
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


class Address(models.Model):
    """Where medicines are sent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="addresses")
    name = EncryptedTextField()
    phone = EncryptedTextField()
    region = models.CharField(max_length=64)  # 北京市海淀区
    detail = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("收货地址")
        verbose_name_plural = _("收货地址")

    def __str__(self) -> str:
        return self.region
