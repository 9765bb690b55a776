"""Accounts."""

import uuid
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
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


# After the constraints have been asked. New accounts hold nothing, or are patients.
_BY_DECISION = """
    SELECT moved.role INTO undecided
    FROM (
        SELECT role, 'grant' AS change FROM unnest(NEW.roles) AS role
        WHERE role <> ALL (CASE WHEN TG_OP = 'UPDATE' THEN OLD.roles ELSE '{patient}' END)
        UNION ALL
        SELECT role, 'revoke' FROM unnest(CASE WHEN TG_OP = 'UPDATE' THEN OLD.roles END) AS role
        WHERE role <> ALL (NEW.roles)
    ) AS moved
    WHERE NOT EXISTS (
        SELECT FROM accounts_rolechange AS decided
        WHERE decided.user_id = NEW.id AND decided.role = moved.role
            AND decided.change = moved.change AND decided.state = 'done'
            AND decided.xid = pg_current_xact_id()::text::bigint
    );
    IF FOUND THEN
        RAISE EXCEPTION 'role % moved without a decision about it', undecided;
    END IF;
    RETURN NULL;
"""


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
    password_set_at = models.DateTimeField(null=True)  # when staff last chose one
    phone_released_at = models.DateTimeField(null=True)  # the number went to somebody else
    reopened_at = models.DateTimeField(null=True)  # after it had been closed
    factor_set_at = models.DateTimeField(null=True)  # since when they have a second factor

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
                name="user_has_one_way_in",
                condition=Q(username=None) ^ Q(phone_index=None)
                | Q(username=None, phone_index=None, phone_released_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="roles_by_decision",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("roles"),  # type: ignore[no-untyped-call]
                declare=[("undecided", "text")],
                func=_BY_DECISION,
            )
        ]

    def __str__(self) -> str:
        return self.username or str(self.public_id)

    @property
    def is_staff(self) -> bool:
        return bool(STAFF.intersection(self.roles))

    @property
    def has_password(self) -> bool:
        """Staff sign in by user name, whatever roles they hold; patients by phone."""
        return self.username is not None

    def holds(self, role: str) -> bool:
        return self.is_active and role in self.roles
