"""Prescriptions in versions, the two signatures over one text, dispensing and delivery."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.models import Clinician
from hospital.consultations.models import Consultation
from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField
from hospital.kernel.lifecycle import Face
from hospital.payments.models import Charge
from hospital.policy.models import Decision
from patients.models import Patient
from prescriptions import guards
from prescriptions.lifecycle import DELIVERY, LIFECYCLE, DeliveryState, State


class Drug(models.Model):
    """What the hospital's pharmacy holds and sells: the priced side of the formulary."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(
        max_length=160, unique=True
    )  # generic name and strength, as `formulary` keys it
    name = models.CharField(max_length=128)
    strength = models.CharField(max_length=48)
    pack = models.CharField(max_length=48)  # 5mg×28片
    pack_size = models.PositiveSmallIntegerField()  # smallest units in a pack
    price_fen = models.PositiveIntegerField()  # of a pack
    initials = models.CharField(max_length=64)  # pinyin
    atc = models.CharField(max_length=8)
    packs = models.PositiveIntegerField(default=0)  # in stock
    is_sold = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("药品")
        verbose_name_plural = _("药品")
        indexes = [models.Index(fields=["initials"], name="drug_initials")]

    def __str__(self) -> str:
        return f"{self.name} {self.pack}"


class Prescription(models.Model):
    """One version of one prescription. Once signed it never changes: a change is a new version."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=24)  # the same for all versions
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="prescriptions")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="prescriptions")
    doctor = models.ForeignKey(Clinician, models.PROTECT, related_name="prescriptions")
    kind = models.CharField(max_length=8, default="western")  # western | patent | herbal
    diagnoses = models.JSONField(default=list)  # [{"code", "name"}]
    reason = EncryptedTextField(default="")  # why the rules' `reason` findings are justified
    second_signature = models.BooleanField(default=False)
    long_term_evaluation = models.BooleanField(default=False)
    patient_confirmed_long_term = models.BooleanField(default=False)
    extension_days = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()

    text = EncryptedTextField(null=True)  # the canonical JSON that both signed
    digest = models.CharField(max_length=64, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    doctor_key = models.UUIDField(null=True)
    doctor_signature = models.TextField(blank=True)
    doctor_verification = models.UUIDField(null=True)
    valid_until = models.DateField(null=True)

    reviewer = models.ForeignKey(Clinician, models.PROTECT, null=True, related_name="reviews")
    reviewed_at = models.DateTimeField(null=True)
    review_note = EncryptedTextField(default="")
    pharmacist_key = models.UUIDField(null=True)
    pharmacist_signature = models.TextField(blank=True)
    reviewed_digest = models.CharField(max_length=64, blank=True)  # what the pharmacist signed

    amount_fen = models.PositiveIntegerField(default=0)  # medicines
    charge = models.OneToOneField(Charge, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("处方")
        verbose_name_plural = _("处方")
        indexes = [
            models.Index(fields=["patient", "-begun_at"], name="prescription_of_patient"),
            models.Index(fields=["doctor", "-begun_at"], name="prescription_of_doctor"),
            models.Index(
                fields=["signed_at"], condition=Q(state="signed"), name="prescription_to_review"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="prescription_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(fields=["number", "version"], name="prescription_version_once"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(state="draft"), name="prescription_one_draft"
            ),
            models.CheckConstraint(
                name="prescription_signed_is_whole",
                condition=Q(state__in=["draft", "void"])
                | (
                    Q(signed_at__isnull=False, text__isnull=False, doctor_key__isnull=False)
                    & ~Q(digest="")
                    & ~Q(doctor_signature="")
                ),
            ),
            models.CheckConstraint(
                name="prescription_approved_is_reviewed",
                condition=~Q(state__in=["approved", "dispensed"])
                | (
                    Q(
                        reviewer__isnull=False,
                        reviewed_at__isnull=False,
                        pharmacist_key__isnull=False,
                    )
                    & ~Q(pharmacist_signature="")
                ),
            ),
            models.CheckConstraint(
                name="prescription_reviewer_is_not_author",
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=F("doctor")),
            ),
            models.CheckConstraint(
                name="prescription_both_signed_the_same",
                condition=~Q(state__in=["approved", "dispensed"]) | Q(reviewed_digest=F("digest")),
            ),
        ]
        triggers = guards.OF_A_PRESCRIPTION

    def __str__(self) -> str:
        return f"{self.number}/{self.version}"

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]


class Line(models.Model):
    """One medicine of a prescription."""

    prescription = models.ForeignKey(Prescription, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    drug = models.ForeignKey(Drug, models.PROTECT, related_name="+")
    dose: Any = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    dose_unit = models.CharField(max_length=8, blank=True)
    frequency = models.CharField(max_length=12)  # qd bid …
    route = models.CharField(max_length=16)
    days = models.PositiveSmallIntegerField()
    packs = models.PositiveSmallIntegerField()
    price_fen = models.PositiveIntegerField()  # of a pack, when it was written

    class Meta:
        verbose_name = _("处方药品")
        verbose_name_plural = _("处方药品")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["prescription", "position"], name="line_once"),
            models.CheckConstraint(
                name="line_of_something", condition=Q(days__gte=1, packs__gte=1)
            ),
        ]
        triggers = guards.OF_A_LINE

    def __str__(self) -> str:
        return f"{self.prescription_id}#{self.position}"


class Set(models.Model):
    """Lines that a doctor writes often, under a name of their own (常用组合). No patient's."""

    MOST: ClassVar = 50

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    doctor = models.ForeignKey(Clinician, models.CASCADE, related_name="prescription_sets")
    name = models.CharField(max_length=40)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("常用组合")
        verbose_name_plural = _("常用组合")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=["doctor", "name"], name="set_once_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SetLine(models.Model):
    """One medicine of a set, as it would be written."""

    set = models.ForeignKey(Set, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    drug = models.ForeignKey(Drug, models.PROTECT, related_name="+")
    dose: Any = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    dose_unit = models.CharField(max_length=8, blank=True)
    frequency = models.CharField(max_length=12)
    route = models.CharField(max_length=16)
    days = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("常用组合的药品")
        verbose_name_plural = _("常用组合的药品")
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["set", "position"], name="set_line_once"),
            models.CheckConstraint(
                name="set_line_of_days", condition=Q(days__gte=1, days__lte=366)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.set_id}#{self.position}"


class SigningKey(models.Model):
    """A person's local signing key (the adapter for hospitals without a certificate authority)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="signing_keys")
    public_key = models.TextField()  # PEM
    private_key = EncryptedTextField()  # PEM, sealed
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("签名密钥")
        verbose_name_plural = _("签名密钥")
        constraints = [
            models.UniqueConstraint(
                fields=["clinician"], condition=Q(retired_at=None), name="signing_key_one_in_use"
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Dispensing(models.Model):
    """That the medicines were handed out, once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prescription = models.OneToOneField(Prescription, models.PROTECT, related_name="dispensing")
    by = models.ForeignKey(Clinician, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    batches = models.JSONField(default=list)

    class Meta:
        verbose_name = _("发药")
        verbose_name_plural = _("发药")
        triggers = guards.OF_A_DISPENSING

    def __str__(self) -> str:
        return str(self.public_id)


class Delivery(models.Model):
    """How the medicines get to the patient: chosen, paid for, packed, on the way, there."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prescription = models.OneToOneField(Prescription, models.PROTECT, related_name="delivery")
    mode = models.CharField(max_length=8)  # courier | window
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.ORDERED)
    to: Any = EncryptedJSONField(null=True)  # {"name", "phone", "region", "detail"}
    fee_fen = models.PositiveIntegerField(default=0)
    waybill = models.CharField(max_length=32, null=True, unique=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when we last asked the courier about it

    class Meta:
        verbose_name = _("配送")
        verbose_name_plural = _("配送")
        triggers = guards.OF_A_DELIVERY
        constraints = [
            models.CheckConstraint(
                name="delivery_state", condition=Q(state__in=DeliveryState.values)
            ),
            models.CheckConstraint(
                name="delivery_mode", condition=Q(mode__in=["courier", "window"])
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return DELIVERY.faces[self.state]


class Track(models.Model):
    """One thing the courier told us about a parcel."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="tracks")
    event_id = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=16)
    words = EncryptedTextField()  # may name the person who brings it
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("物流")
        verbose_name_plural = _("物流")
        ordering = ("-at", "-id")
        triggers = guards.OF_A_TRACK

    def __str__(self) -> str:
        return self.status
