"""How people prove who they are: second factors, texted codes, and the proofs given."""

import uuid

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models.people import User
from hospital.kernel.encrypted import EncryptedTextField


class Factor(models.Model):
    """A second factor: the secret of an authenticator app."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(User, models.CASCADE, related_name="factor")
    secret = EncryptedTextField()
    last_step = models.BigIntegerField(default=0)  # a code is good once

    class Meta:
        verbose_name = _("第二因素")
        verbose_name_plural = _("第二因素")

    def __str__(self) -> str:
        return f"factor of {self.user_id}"


class Verification(models.Model):
    """That a person proved, at this time and by this means, to be themselves (R-13).

    `session` is the digest of the sitting in which they did; blank where there was none.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="verifications")
    at = models.DateTimeField()
    method = models.CharField(max_length=16)  # totp | passkey | sms, or an identity check's own
    session = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("身份核验")
        verbose_name_plural = _("身份核验")
        indexes = [
            models.Index(fields=["user", "-at"], name="verification_latest"),
            models.Index(
                fields=["session", "-at"],
                name="verification_of_session",
                condition=~models.Q(session=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.at:%F %T}"


class Code(models.Model):
    """A code texted to a phone, for one purpose, good once and for minutes. Kept as a digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=16)
    phone = EncryptedTextField()
    browser = models.CharField(max_length=64, blank=True)  # a fingerprint of who asked for it
    digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("短信验证码")
        verbose_name_plural = _("短信验证码")

    def __str__(self) -> str:
        return f"{self.purpose} {self.public_id}"


class Guess(models.Model):
    """How often something secret was guessed at since `since`. One counter for all guesses."""

    key = models.CharField(max_length=64, primary_key=True)  # a fingerprint
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("尝试计数")
        verbose_name_plural = _("尝试计数")

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%F %T}"
