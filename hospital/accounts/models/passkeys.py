"""Passkeys (WebAuthn), and the challenges they answer."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models.people import User


class Passkey(models.Model):
    """A key pair of somebody's device; here stands the public half."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400, unique=True)  # its id, base64url
    key = models.CharField(max_length=2800)  # public, COSE, base64url
    count = models.BigIntegerField(default=0)  # how often it has signed, as far as it says
    name = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("通行密钥")
        verbose_name_plural = _("通行密钥")

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class Challenge(models.Model):
    """Something random to be signed: once, in this session, for this purpose, within minutes."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.CharField(max_length=64)  # a digest
    purpose = models.CharField(max_length=16)  # sign-in | step-up | add
    value = models.CharField(max_length=64, unique=True)  # base64url
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("通行密钥挑战")
        verbose_name_plural = _("通行密钥挑战")
        constraints = [
            models.CheckConstraint(
                name="challenge_purpose_is_known",
                condition=Q(purpose__in=["sign-in", "step-up", "add"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"
