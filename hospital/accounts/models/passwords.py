"""Passwords of before, and the links by which a person gets to choose one."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models.people import User
from hospital.kernel.encrypted import EncryptedTextField


class FormerPassword(models.Model):
    """One of the last few passwords of somebody, as its digest, so that it is not taken again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    ended_at = models.DateTimeField()

    class Meta:
        verbose_name = _("用过的密码")
        verbose_name_plural = _("用过的密码")

    def __str__(self) -> str:
        return f"a password of {self.user_id}"


class Activation(models.Model):
    """A link by which a person sets what they sign in with. Good once and for a day.

    The row keeps a digest: a copy of this table opens no account. `kind` says what is set and so
    what still proves who they are: `open` both (a new account, or both were lost), `password`
    (the second factor proves it), `factor` (the password proves it).
    """

    OPEN, PASSWORD, FACTOR = "open", "password", "factor"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="activations")
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    secret = EncryptedTextField(default="")  # of the authenticator that is offered
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("开通链接")
        verbose_name_plural = _("开通链接")
        constraints = [
            models.CheckConstraint(
                name="activation_kind_is_known",
                condition=Q(kind__in=["open", "password", "factor"]),
            ),
            models.CheckConstraint(
                name="activation_in_time",
                condition=Q(used_at=None) | Q(used_at__lt=F("expires_at")),
            ),
            models.CheckConstraint(
                name="activation_not_by_oneself",
                condition=Q(made_by=None) | ~Q(made_by=F("user")),
            ),
            models.UniqueConstraint(
                name="activation_one_at_a_time", fields=["user"], condition=Q(used_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"
