"""Phones that accounts had, and the question that is asked before an old account opens again."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models.people import User
from hospital.kernel import normalise
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField


class FormerPhone(models.Model):
    """A number that an account signed in with until `until`. It opens nothing any more."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="former_phones")
    phone = EncryptedTextField()
    phone_index = BlindIndexField(of="phone", normalise=normalise.phone, db_index=True)
    until = models.DateTimeField()
    why = models.CharField(max_length=8)  # changed | released
    told_at = models.DateTimeField(null=True)  # when old and new number were told

    class Meta:
        verbose_name = _("用过的手机号")
        verbose_name_plural = _("用过的手机号")
        constraints = [
            models.CheckConstraint(
                name="former_phone_why", condition=Q(why__in=["changed", "released"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.public_id}"


class Recall(models.Model):
    """A right code for an account that nobody has used for long: is it still the same person?

    Stands for minutes, for the browser that asked. Answered from the record, or given up.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    browser = models.CharField(max_length=64)  # a fingerprint
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("本人确认")
        verbose_name_plural = _("本人确认")

    def __str__(self) -> str:
        return str(self.public_id)
