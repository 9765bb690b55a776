"""What a doctor offers, and the sentences at hand for it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models.people import Clinician
from doctors.models.prices import PAID, Module


class Service(models.Model):
    """One module of a doctor's: on or off, at which price of the list, how many a day."""

    Kind = Module
    HIGHEST_QUOTA: ClassVar = 200

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="services")
    kind = models.CharField(max_length=16)
    is_on = models.BooleanField(default=True)
    price_code = models.CharField(max_length=24, blank=True)  # of the price list
    daily_quota = models.PositiveSmallIntegerField(default=30)

    class Meta:
        verbose_name = _("线上服务")
        verbose_name_plural = _("线上服务")
        constraints = [
            models.UniqueConstraint(fields=["clinician", "kind"], name="service_once"),
            models.CheckConstraint(name="service_kind", condition=Q(kind__in=Module.values)),
            models.CheckConstraint(
                name="service_has_a_price", condition=~Q(kind__in=PAID) | ~Q(price_code="")
            ),
            models.CheckConstraint(
                name="service_quota", condition=Q(daily_quota__gte=1, daily_quota__lte=200)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class QuickReply(models.Model):
    """A sentence that a doctor writes often, ready in the chat."""

    MOST: ClassVar = 30
    LONGEST: ClassVar = 300

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="quick_replies")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("快捷回复")
        verbose_name_plural = _("快捷回复")
        ordering = ("place",)
        constraints = [
            models.UniqueConstraint(
                fields=["clinician", "place"],
                name="quick_reply_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.text
