"""Departments, the people who work in them, and what they may and will do."""

import uuid
from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.licences import masked
from doctors.lifecycle import LIFECYCLE, State
from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face


class Title(models.TextChoices):
    RESIDENT = "resident", _("住院医师")
    ATTENDING = "attending", _("主治医师")
    ASSOCIATE_CHIEF = "associate_chief", _("副主任医师")
    CHIEF = "chief", _("主任医师")
    PHARMACIST = "pharmacist", _("药师")
    SUPERVISING_PHARMACIST = "supervising_pharmacist", _("主管药师")


class Right(models.TextChoices):
    """The highest tier of antimicrobials that somebody may prescribe."""

    NONE = "none", _("无")
    UNRESTRICTED = "unrestricted", _("非限制使用级")
    RESTRICTED = "restricted", _("限制使用级")
    SPECIAL = "special", _("特殊使用级")


class Department(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=16, unique=True)  # the hospital's
    name = models.CharField(max_length=64, unique=True)
    name_en = models.CharField(max_length=64)
    subject_code = models.CharField(max_length=16)  # 诊疗科目
    initials = models.CharField(max_length=64)  # pinyin, for search
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "科室"
        verbose_name_plural = "科室"
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.name


class Clinician(models.Model):
    """A doctor or a pharmacist, as others see them. Their name is public by law."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="clinician")
    kind = models.CharField(max_length=12)  # doctor | pharmacist
    name = models.CharField(max_length=64)
    initials = models.CharField(max_length=64)  # pinyin, for search
    department = models.ForeignKey(Department, models.PROTECT, related_name="clinicians")
    title = models.CharField(max_length=24, choices=Title)
    good_at = models.CharField(max_length=300, blank=True)  # 擅长
    intro = models.TextField(blank=True)
    portrait = models.CharField(max_length=40, blank=True)  # a static picture of the demonstration
    is_receiving = models.BooleanField(default=True)  # the 接诊中 switch
    reply_minutes = models.PositiveIntegerField(default=60)  # promised

    class Meta:
        verbose_name = "医务人员"
        verbose_name_plural = "医务人员"
        constraints = [
            models.CheckConstraint(
                name="clinician_kind", condition=Q(kind__in=["doctor", "pharmacist"])
            )
        ]

    def __str__(self) -> str:
        return self.name


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
    antimicrobial_right = models.CharField(max_length=16, choices=Right, default=Right.NONE)
    may_prescribe = models.BooleanField(default=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "执业资质"
        verbose_name_plural = "执业资质"
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
            models.CheckConstraint(
                name="credential_right", condition=Q(antimicrobial_right__in=Right.values)
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="credential_steps",
                field="state",
                transitions=sorted({(str(a), str(b)) for (a, _step), b in LIFECYCLE.steps.items()}),
            )
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


class Service(models.Model):
    """One thing that a doctor offers online, by their own setting (由医生自行设定)."""

    class Kind(models.TextChoices):
        FOLLOWUP = "followup", _("复诊")
        ADVICE = "advice", _("咨询")

    HIGHEST_PRICE_FEN: ClassVar = 100_000
    HIGHEST_QUOTA: ClassVar = 200

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="services")
    kind = models.CharField(max_length=16)  # followup | advice
    is_on = models.BooleanField(default=True)
    price_fen = models.PositiveIntegerField()
    daily_quota = models.PositiveSmallIntegerField(default=30)

    class Meta:
        verbose_name = "线上服务"
        verbose_name_plural = "线上服务"
        constraints = [
            models.UniqueConstraint(fields=["clinician", "kind"], name="service_once"),
            models.CheckConstraint(
                name="service_kind", condition=Q(kind__in=["followup", "advice"])
            ),
            models.CheckConstraint(name="service_price", condition=Q(price_fen__lte=100_000)),
            models.CheckConstraint(
                name="service_quota", condition=Q(daily_quota__gte=1, daily_quota__lte=200)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Duty(models.Model):
    """That somebody is on duty, from when to when."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = "值班"
        verbose_name_plural = "值班"
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
