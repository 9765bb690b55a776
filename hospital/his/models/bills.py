"""What the hospital asks a person for, raised offline: bills and the items on them."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.his.models.records import Mirrored, Person
from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField


class BillState(models.TextChoices):
    """As the hospital's cashiers see it. The row stays whatever it becomes there."""

    ISSUED = "issued"  # waits to be paid
    BALANCED = "balanced"  # paid, here or at the window
    CANCELLED = "cancelled"  # withdrawn, or not yet meant for anybody


class Bill(Mirrored):
    """An invoice. It is never deleted: a payment of ours may point to it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="bills")
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=BillState)
    total_fen = models.PositiveIntegerField()
    items: Any = ArrayField(models.CharField(max_length=64), default=list)  # ids of its fees there
    lines = EncryptedJSONField(null=True)  # [{"what", "amount_fen"}]: written on the bill itself

    class Meta:
        verbose_name = _("院内账单")
        verbose_name_plural = _("院内账单")
        indexes = [models.Index(fields=["person", "-at"], name="bill_newest")]
        constraints = [
            models.CheckConstraint(name="bill_state", condition=Q(state__in=BillState.values)),
        ]


class Fee(Mirrored):
    """One item of a bill. What it is for may be clinical, so it is sealed."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="fees")
    bill = models.ForeignKey(Bill, models.CASCADE, null=True, related_name="fees")
    at = models.DateTimeField(null=True)
    what = EncryptedTextField()
    department = models.CharField(max_length=64, blank=True)
    amount_fen = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("院内收费项目")
        verbose_name_plural = _("院内收费项目")
