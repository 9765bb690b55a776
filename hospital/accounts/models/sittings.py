"""Sessions, the browsers they run in, and POSTs that were begun in them."""

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models.people import User
from hospital.kernel.encrypted import EncryptedTextField


class Sitting(AbstractBaseSession):
    """One sign-in on one device. The key is a digest: a copy of this table opens no session."""

    session_key = models.CharField(max_length=64, primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sittings")
    ip = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=120, blank=True)
    signed_in_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    idle_at = models.DateTimeField()  # when it ends unless something is done
    idle_seconds = models.PositiveIntegerField()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        verbose_name = "登录"
        verbose_name_plural = "登录"


class Seat(models.Model):
    """One open socket of a person, kept by the process that holds it; a person has a few."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("打开的连接")
        verbose_name_plural = _("打开的连接")

    def __str__(self) -> str:
        return str(self.public_id)


class Device(models.Model):
    """A browser that somebody has signed in with before."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("设备")
        verbose_name_plural = _("设备")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="device_once")]

    def __str__(self) -> str:
        return f"device of {self.user_id}"


class IdempotencyKey(models.Model):
    """A POST that was begun, and its answer once it has one."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    door = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)  # digest of the body
    begun_at = models.DateTimeField()
    answer = EncryptedTextField(null=True)

    class Meta:
        verbose_name = _("幂等键")
        verbose_name_plural = _("幂等键")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.door} {self.key}"
