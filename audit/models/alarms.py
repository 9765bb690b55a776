"""Alarms over the trail, how far it was watched, and strangers who were turned away."""

import uuid
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.lifecycle import LIFECYCLE, State
from hospital.kernel.lifecycle import Face

_ENDING = ("state", "event", "acknowledged_by", "acknowledged_at", "closed_by", "closed_at", "note")


class Alarm(models.Model):
    """A pattern in the trail at which the audit administrator must look.

    `whose` is who it is about in one word (an account's or patient's UUID, an address; blank: the
    platform itself), `slot` the number of the window since 1970 in which it was raised: together
    with the kind they occur once.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=32)  # of `audit.patterns`
    at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.RAISED)
    whose = models.CharField(max_length=80, blank=True)
    slot = models.BigIntegerField()
    window = models.PositiveIntegerField()  # seconds
    actor = models.UUIDField(null=True)  # the account that did it
    about = models.UUIDField(null=True)  # the patient concerned
    count = models.PositiveIntegerField(default=1)
    events: Any = ArrayField(
        models.BigIntegerField(), default=list
    )  # ids it rests on, the last few
    last_event = models.BigIntegerField(default=0)  # what counted here does not count again
    facts = models.JSONField(default=dict)
    event = models.BigIntegerField(null=True)  # that says so in the trail; None: not yet
    acknowledged_by = models.UUIDField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)  # what was found

    class Meta:
        verbose_name = _("审计告警")
        verbose_name_plural = _("审计告警")
        indexes = [
            models.Index(fields=["-id"], condition=~Q(state="closed"), name="alarm_open"),
            models.Index(fields=["id"], condition=Q(event=None), name="alarm_not_in_the_trail"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "whose", "slot"], name="alarm_once_a_window"),
            models.CheckConstraint(name="alarm_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="alarm_acknowledged_by_somebody",
                condition=Q(state="raised")
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
            ),
            models.CheckConstraint(
                name="alarm_closed_says_why",
                condition=~Q(state="closed")
                | (Q(closed_by__isnull=False, closed_at__isnull=False) & ~Q(note="")),
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="alarm_steps", field="state", transitions=LIFECYCLE.edges),
            pgtrigger.Protect(name="alarm_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="begins_raised",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state="raised"),
            ),
            pgtrigger.ReadOnly(name="what_was_seen_stands", exclude=list(_ENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]


class Watch(models.Model):
    """Up to when the trail was watched. One row; its lock lets one watch at a time."""

    at = models.DateTimeField()

    class Meta:
        verbose_name = _("巡查")
        verbose_name_plural = _("巡查")
        constraints = [models.CheckConstraint(name="one_watch", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.at:%F %T}"


class Stranger(models.Model):
    """How often one address was turned away at one entry in one minute, without signing in.

    A row is a counter; when its minute is over it becomes one event, however many there were.
    """

    minute = models.DateTimeField()
    address = models.CharField(max_length=45)
    access = models.CharField(max_length=64)
    code = models.CharField(max_length=48)
    status = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("未登录被拒")
        verbose_name_plural = _("未登录被拒")
        constraints = [
            models.UniqueConstraint(
                fields=["minute", "address", "access", "code"], name="stranger_once_a_minute"
            )
        ]

    def __str__(self) -> str:
        return f"{self.address} {self.access} {self.count}"
