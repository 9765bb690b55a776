"""Patients, the accounts that may act for them, and where medicines are sent."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.his.models import Person
from hospital.kernel import documents, identity
from hospital.kernel.encrypted import BlindIndexField, EncryptedDateField, EncryptedTextField


class Patient(models.Model):
    """One natural person, once. Accounts reach it only through a `Link`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = EncryptedTextField()
    id_number = EncryptedTextField()
    id_kind = models.CharField(
        max_length=24, default=documents.ID_CARD, db_default=documents.ID_CARD
    )
    id_index = BlindIndexField(of="document_key", normalise=identity.normalise, unique=True)
    phone = EncryptedTextField(null=True)
    birth_date = EncryptedDateField()
    sex = models.CharField(max_length=8)  # male | female
    person = models.OneToOneField(Person, models.PROTECT, null=True, related_name="+")
    # When the hospital's record or the verification service was found to agree with name and
    # number; None is "nobody has said so yet".
    real_name_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)
    # what the prescription rules ask; None is "never answered"
    allergies_known_at = models.DateTimeField(null=True)
    pregnancy = models.CharField(max_length=8, default="unknown")  # no | yes | unknown
    due_on = EncryptedDateField(null=True)
    pregnancy_at = models.DateTimeField(null=True)  # when this and lactation were told
    is_lactating = models.BooleanField(default=False)
    weight_kg: Any = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    weighed_at = models.DateTimeField(null=True)
    liver = models.CharField(max_length=8, default="normal")  # normal | impaired | severe
    history = EncryptedTextField(default="")
    recorded_at = models.DateTimeField()
    is_protected = models.BooleanField(default=False)  # each read raises an alarm (facts 8.1)
    # Since when nobody but the law reads it: the last account that reached it was closed (PI-09).
    restricted_at = models.DateTimeField(null=True)
    retain_until = models.DateField(null=True)  # as it stood then

    class Meta:
        verbose_name = _("患者")
        verbose_name_plural = _("患者")
        permissions = [("view_record", "May read the record")]  # guardian's, given by a share
        constraints = [
            models.CheckConstraint(name="patient_sex", condition=Q(sex__in=["male", "female"])),
            models.CheckConstraint(
                name="patient_id_kind", condition=Q(id_kind__in=list(documents.KINDS))
            ),
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
            models.CheckConstraint(
                name="patient_known_is_real",
                condition=Q(person=None) | Q(real_name_at__isnull=False),
            ),
            models.CheckConstraint(
                name="patient_restricted_until",
                condition=Q(restricted_at=None, retain_until=None)
                | Q(restricted_at__isnull=False, retain_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def document_key(self) -> str:
        """Kind and number: one document, one patient."""
        return documents.key(self.id_kind, self.id_number)


class Link(models.Model):
    """That an account may act for a patient: oneself, a child, a parent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="links")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="links")
    relation = models.CharField(max_length=16)  # self | child | parent | spouse | other | helper
    is_guardian = models.BooleanField(default=False)  # verified guardian of a minor
    is_proven = models.BooleanField(default=False)  # the hospital has this account's phone for them
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # ends by itself: a guardian's at 18, a helper's yearly
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("就诊人关系")
        verbose_name_plural = _("就诊人关系")
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at=None), name="link_to_end"),
        ]
        constraints = [
            models.CheckConstraint(
                name="link_relation",
                condition=Q(relation__in=["self", "child", "parent", "spouse", "other", "helper"]),
            ),
            models.CheckConstraint(
                name="link_guardian_of_child",
                condition=Q(is_guardian=False) | Q(relation="child", is_proven=True),
            ),
            models.CheckConstraint(
                name="link_that_must_end",
                condition=Q(is_guardian=False) & ~Q(relation="helper") | Q(until__isnull=False),
            ),
            models.CheckConstraint(
                name="link_ends_after_it_began", condition=Q(until=None) | Q(until__gt=F("since"))
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


class Address(models.Model):
    """Where medicines are sent."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="addresses")
    name = EncryptedTextField()
    phone = EncryptedTextField()
    region = EncryptedTextField()  # 北京市海淀区
    detail = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("收货地址")
        verbose_name_plural = _("收货地址")

    def __str__(self) -> str:
        return str(self.public_id)
