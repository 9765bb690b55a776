"""Accounts, their sessions and second factors, and the counters that slow guessing down."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.roles import STAFF, THREE_ADMINS, Role
from hospital.kernel import normalise
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField


def _no_two_of(roles: tuple[Role, ...]) -> Q:
    pairs = [(a, b) for i, a in enumerate(roles) for b in roles[i + 1 :]]
    condition = Q()
    for a, b in pairs:
        condition &= ~Q(roles__contains=[a.value, b.value])
    return condition


class User(AbstractBaseUser, PermissionsMixin):
    """One person's account. Staff have a username and a password, patients a phone number."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(max_length=64, unique=True, null=True)
    name = EncryptedTextField(default="")
    phone = EncryptedTextField(null=True)
    phone_index = BlindIndexField(of="phone", normalise=normalise.phone, null=True, unique=True)
    roles: Any = ArrayField(models.CharField(max_length=24), default=list)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    size = models.CharField(max_length=8, default="standard")  # of the text: standard, large, elder
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = models.Manager["User"]()

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        constraints = [
            models.CheckConstraint(name="user_no_superuser", condition=Q(is_superuser=False)),
            models.CheckConstraint(
                name="user_three_admins_apart", condition=_no_two_of(THREE_ADMINS)
            ),
            models.CheckConstraint(
                name="user_has_one_way_in", condition=Q(username=None) ^ Q(phone_index=None)
            ),
        ]

    def __str__(self) -> str:
        return self.username or str(self.public_id)

    @property
    def is_staff(self) -> bool:
        return bool(STAFF.intersection(self.roles))

    def holds(self, role: str) -> bool:
        return self.is_active and role in self.roles


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
    """That a person proved, at this time and by this means, to be themselves (R-13)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="verifications")
    at = models.DateTimeField()
    method = models.CharField(max_length=16)  # totp

    class Meta:
        verbose_name = _("身份核验")
        verbose_name_plural = _("身份核验")
        indexes = [models.Index(fields=["user", "-at"], name="verification_latest")]

    def __str__(self) -> str:
        return f"{self.method} {self.at:%F %T}"


class Code(models.Model):
    """A code texted to a phone, for one purpose, good once and for minutes. Kept as a digest."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=16)
    phone = EncryptedTextField()
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
