"""Lists of staff and departments on their way into the hospital, row by row."""

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.lifecycle import IMPORT, ROW, ImportState, RowState
from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField
from hospital.kernel.lifecycle import Face

# An import opens accounts that hold a role: the database itself asks who these two people are.
_BY_AFFAIRS = """
    IF TG_OP = 'INSERT' AND NEW.checked_by_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM accounts_user AS person
        WHERE person.id = NEW.checked_by_id AND person.is_active
            AND 'medical_affairs' = ANY (person.roles)
    ) THEN
        RAISE EXCEPTION 'only medical affairs hand in a list';
    END IF;
    IF NEW.confirmed_by_id IS NOT NULL
        AND (TG_OP = 'INSERT' OR OLD.confirmed_by_id IS DISTINCT FROM NEW.confirmed_by_id)
        AND NOT EXISTS (
            SELECT FROM accounts_user AS person
            WHERE person.id = NEW.confirmed_by_id AND person.is_active
                AND 'medical_affairs' = ANY (person.roles)
        )
    THEN
        RAISE EXCEPTION 'only medical affairs confirm a list';
    END IF;
    RETURN NEW;
"""


class Import(models.Model):
    """One list, without a fault when it was checked. Two people of medical affairs stand for it:
    who handed it in and who confirmed it. From the command line nobody confirms: whoever holds
    the server opens accounts there anyway.
    """

    class Kind(models.TextChoices):
        STAFF = "staff", _("医生和药师")
        DEPARTMENTS = "departments", _("科室")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    state: Any = models.CharField(max_length=12, choices=ImportState, default=ImportState.CHECKED)
    name = EncryptedTextField(default="")  # of the file, as the person called it
    rows = models.PositiveIntegerField()
    by_command = models.BooleanField(default=False)
    checked_at = models.DateTimeField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    why = EncryptedTextField(default="", blank=True)  # it was stopped

    class Meta:
        verbose_name = _("导入")
        verbose_name_plural = _("导入")
        indexes = [
            models.Index(
                fields=["state", "checked_at"],
                condition=Q(
                    state__in=[ImportState.CHECKED, ImportState.CONFIRMED, ImportState.RUNNING]
                ),
                name="import_alive",
            )
        ]
        constraints = [
            models.CheckConstraint(name="import_state", condition=Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="import_kind", condition=Q(kind__in=["staff", "departments"])
            ),
            models.CheckConstraint(
                name="import_confirmed",
                condition=Q(state=ImportState.CHECKED, confirmed_at=None)
                | Q(state=ImportState.STOPPED)
                | Q(
                    state__in=[ImportState.CONFIRMED, ImportState.RUNNING, ImportState.DONE],
                    confirmed_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="import_by_two",
                condition=Q(by_command=True, confirmed_by=None)
                | Q(
                    by_command=False, checked_by__isnull=False, confirmed_at=None, confirmed_by=None
                )
                | Q(by_command=False, checked_by__isnull=False, confirmed_at__isnull=False)
                & Q(confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("checked_by")),
            ),
            models.CheckConstraint(
                name="import_ended",
                condition=Q(state__in=[ImportState.DONE, ImportState.STOPPED])
                ^ Q(ended_at__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="import_steps", field="state", transitions=IMPORT.edges),
            pgtrigger.ReadOnly(
                name="import_stands",
                fields=["public_id", "kind", "rows", "by_command", "checked_at", "checked_by"],
            ),
            pgtrigger.Trigger(
                name="import_by_affairs",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_BY_AFFAIRS,
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def face(self) -> Face:
        return IMPORT.faces[self.state]


class ImportRow(models.Model):
    """One row of a list. What it says stands sealed until its turn, and is gone afterwards."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sheet = models.ForeignKey(Import, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()  # as the spreadsheet counts
    state: Any = models.CharField(max_length=12, choices=RowState, default=RowState.WAITING)
    data: Any = EncryptedJSONField(null=True)
    why = EncryptedTextField(default="", blank=True)  # it was not imported
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("导入的一行")
        verbose_name_plural = _("导入的各行")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="import_row_once"),
            models.CheckConstraint(name="import_row_state", condition=Q(state__in=RowState.values)),
            models.CheckConstraint(
                name="import_row_gone_when_done",
                condition=Q(state=RowState.WAITING, done_at=None, data__isnull=False)
                | ~Q(state=RowState.WAITING) & Q(done_at__isnull=False, data__isnull=True),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="import_row_steps", field="state", transitions=ROW.edges),
            pgtrigger.ReadOnly(name="import_row_stands", fields=["public_id", "sheet", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def face(self) -> Face:
        return ROW.faces[self.state]
