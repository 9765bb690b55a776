"""The trail and its outbox. Runtime may add events and read their ids, nothing else."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

# What `note_failure` records, and whatever a door refused.
_FAILED = (
    models.Q(kind__startswith="door.")
    | models.Q(kind__endswith="-fail")
    | models.Q(kind="code.fail")
)

_OWN_TRANSACTION = """
    IF NEW.xid IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN
        RAISE EXCEPTION 'an event names the transaction that writes it';
    END IF;
    RETURN NEW;
"""


class Event(models.Model):
    """One thing that happened, or was refused. Never updated, never deleted.

    No personal text stands here: people and things are named by UUID, what changed by digests.
    `xid` is the writing transaction, so that readers can page by `(xid, id)` below the oldest
    one still running; ids alone are given before commit and would hide slow transactions.
    Runtime reads back `id` and `xid` alone.
    """

    xid = models.BigIntegerField(
        editable=False, db_default=0
    )  # the migration sets the real default
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)  # noun.step
    outcome = models.CharField(max_length=8, default="done")  # done | refused
    actor = models.UUIDField(null=True)
    role = models.CharField(max_length=24, blank=True)
    ip = models.GenericIPAddressField(null=True)
    session = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=32, blank=True)
    door = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=96, blank=True)  # app.model:uuid
    about = models.UUIDField(null=True)  # the patient concerned
    stream = models.UUIDField(null=True)  # the visit whose order it keeps
    before = models.CharField(max_length=64, blank=True)  # digests
    after = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)  # codes and numbers

    class Meta:
        verbose_name = _("审计事件")
        verbose_name_plural = _("审计事件")
        indexes = [
            models.Index(fields=["about", "-id"], name="event_about"),
            models.Index(fields=["stream", "id"], name="event_stream"),
            models.Index(fields=["subject", "id"], name="event_subject"),
            models.Index(fields=["kind", "-id"], name="event_kind"),
            models.Index(fields=["xid", "id"], name="event_order"),
            BrinIndex(fields=["at"], name="event_at"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(  # a row that names another one could slip past the sealer
                name="own_transaction",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_OWN_TRANSACTION,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_outcome_is_known", condition=models.Q(outcome__in=["done", "refused"])
            ),
            models.CheckConstraint(  # 8.1.4.3b: what failed stands there as failed
                name="event_failure_is_refused",
                condition=~_FAILED | models.Q(outcome="refused"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Pending(models.Model):
    """One event that one feed has still to be told. Written with the event, removed when told."""

    feed = models.CharField(max_length=32)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("待送达")
        verbose_name_plural = _("待送达")
        indexes = [models.Index(fields=["feed", "due_at"], name="pending_due")]
        constraints = [
            models.UniqueConstraint(fields=["feed", "event"], name="pending_once_for_a_feed")
        ]

    def __str__(self) -> str:
        return f"{self.feed}: {self.event_id}"
