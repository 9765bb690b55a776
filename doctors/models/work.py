"""What somebody offers online, and when they are on duty."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models.people import Clinician


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
        verbose_name = _("线上服务")
        verbose_name_plural = _("线上服务")
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
        verbose_name = _("值班")
        verbose_name_plural = _("值班")
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
