"""Roles, as they come and go. The database moves none without a row here."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hospital.accounts.lifecycle import LIFECYCLE, State
from hospital.accounts.models.people import User
from hospital.accounts.roles import Role
from hospital.kernel.lifecycle import Face

# Runs before a row is written: stamps the transaction in which it took effect, which is what
# `user_roles_by_decision` looks for, and asks the accounts themselves who these people are.
_DECIDED = """
    IF TG_OP = 'UPDATE' AND OLD.state <> 'asked' THEN
        RAISE EXCEPTION 'a decided change of roles stands as it is';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.role, NEW.change, NEW.asked_by_id, NEW.asked_at, NEW.why)
        IS DISTINCT FROM (OLD.user_id, OLD.role, OLD.change, OLD.asked_by_id, OLD.asked_at, OLD.why)
    THEN
        RAISE EXCEPTION 'what was asked for stands as it was asked';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.asked_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_user AS asker
        WHERE asker.id = NEW.asked_by_id AND asker.is_active
            AND 'security_admin' = ANY (asker.roles)
    ) THEN
        RAISE EXCEPTION 'only a security administrator asks for roles';
    END IF;
    NEW.xid := CASE WHEN NEW.state = 'done' THEN pg_current_xact_id()::text::bigint END;
    IF NEW.state <> 'done' THEN
        RETURN NEW;
    END IF;
    IF NEW.decided_by_id IS NULL THEN
        IF NEW.change <> 'grant' OR EXISTS (
            SELECT FROM accounts_rolechange AS earlier
            WHERE earlier.user_id = NEW.user_id AND earlier.xid IS DISTINCT FROM NEW.xid
        ) THEN
            RAISE EXCEPTION 'only the first roles of an account come from nobody';
        END IF;
    ELSIF NOT EXISTS (
        SELECT FROM accounts_user AS decider
        WHERE decider.id = NEW.decided_by_id AND decider.is_active
            AND 'security_admin' = ANY (decider.roles)
    ) THEN
        RAISE EXCEPTION 'only a security administrator decides about roles';
    END IF;
    RETURN NEW;
"""  # noqa: E501 - a comparison of two rows reads best with one above the other


class RoleChange(models.Model):
    """One role, given to or taken from one account. Giving needs two people, taking one.

    Of the first roles of an account, opened from the command line, nobody is the author.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="role_changes")
    role = models.CharField(max_length=24)
    change = models.CharField(max_length=8)  # grant | revoke
    state = models.CharField(max_length=12, default=State.ASKED)
    why = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=200, blank=True)
    xid = models.BigIntegerField(null=True, editable=False)  # of the transaction that moved it

    class Meta:
        verbose_name = _("角色变更")
        verbose_name_plural = _("角色变更")
        constraints = [
            models.CheckConstraint(
                name="role_change_state", condition=Q(state__in=sorted(LIFECYCLE.states))
            ),
            models.CheckConstraint(
                name="role_change_kind",
                condition=Q(change="grant") | Q(change="revoke", state=State.DONE),
            ),
            models.CheckConstraint(
                name="role_change_decided",
                condition=Q(state=State.ASKED, decided_at=None, decided_by=None)
                | ~Q(state=State.ASKED) & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="role_grant_by_two",
                condition=~Q(state=State.DONE, change="grant")
                | Q(asked_by=None, decided_by=None)
                | Q(asked_by__isnull=False, decided_by__isnull=False)
                & ~Q(asked_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="role_revoke_by_one",
                condition=~Q(change="revoke")
                | Q(asked_by__isnull=False, decided_by__isnull=False, asked_by=F("decided_by")),
            ),
            models.CheckConstraint(
                name="role_never_ones_own",
                condition=(Q(asked_by=None) | ~Q(asked_by=F("user")))
                & (Q(decided_by=None) | ~Q(decided_by=F("user"))),
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(state=State.ASKED), name="role_asked_once"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_DECIDED,
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.change} {self.role}"

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)
