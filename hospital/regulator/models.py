"""What was and is to be uploaded: one row for one event under one schema."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel import guards
from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from hospital.regulator.lifecycle import LIFECYCLE, State

_NEXT_IN_LINE = """
    IF NEW.seq IS DISTINCT FROM (
        SELECT last_seq FROM regulator_stream WHERE visit = NEW.stream
    ) OR NEW.seq IS DISTINCT FROM 1 + (
        SELECT COALESCE(MAX(seq), 0) FROM regulator_upload WHERE stream = NEW.stream
    ) THEN
        RAISE EXCEPTION 'upload % is not the next one of its visit', NEW.seq;
    END IF;
    RETURN NEW;
"""


class Stream(models.Model):
    """The messages of one visit. Its row is the lock under which the next number is given."""

    visit = models.UUIDField(primary_key=True)  # the consultation's public id
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("上报序列")
        verbose_name_plural = _("上报序列")

    def __str__(self) -> str:
        return f"{self.visit}#{self.last_seq}"


class Upload(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # msgId
    event = models.BigIntegerField()  # of the trail
    kind = models.CharField(max_length=64)  # its kind, time and subject: a message is made of them
    biz_time = models.DateTimeField()
    subject = models.CharField(max_length=96)
    schema = models.CharField(max_length=16)  # VISIT, RX_ISSUE …
    op = models.CharField(max_length=8, default="UPSERT")  # UPSERT | CANCEL
    biz_id = models.CharField(max_length=64)  # the receiver's idempotency key
    stream = models.UUIDField()  # the visit
    seq = models.PositiveIntegerField()  # within the visit, without gaps
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    payload = EncryptedTextField()  # canonical JSON
    digest = models.CharField(max_length=64)  # SM3 of it
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # while it is being sent: when somebody else may try
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # in a row; too early is counted apart
    acknowledged_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=64, blank=True)
    code = models.IntegerField(null=True)  # of the last answer; None where nobody answered
    error = EncryptedTextField(default="", blank=True)  # may quote what it found wrong
    note = EncryptedTextField(default="", blank=True)  # what a person mended

    class Meta:
        verbose_name = _("监管上报")
        verbose_name_plural = _("监管上报")
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="upload_due"),
            models.Index(fields=["id"], condition=Q(state="quarantined"), name="upload_in_trouble"),
        ]
        constraints = [
            models.CheckConstraint(name="upload_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="upload_op", condition=Q(op__in=["UPSERT", "CANCEL"])),
            models.CheckConstraint(
                name="upload_acknowledged_has_a_receipt",
                condition=~Q(state="acknowledged")
                | (Q(acknowledged_at__isnull=False) & ~Q(receipt="")),
            ),
            models.UniqueConstraint(fields=["event", "schema"], name="upload_once_for_an_event"),
            models.UniqueConstraint(fields=["stream", "seq"], name="upload_seq_once"),
        ]
        triggers = [
            pgtrigger.FSM(name="upload_steps", field="state", transitions=LIFECYCLE.edges),
            pgtrigger.Trigger(
                name="next_in_line",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NEXT_IN_LINE,
            ),
            pgtrigger.ReadOnly(
                name="said_once",
                fields=[
                    "public_id",
                    "event",
                    "kind",
                    "biz_time",
                    "subject",
                    "schema",
                    "op",
                    "biz_id",
                    "stream",
                    "seq",
                    "made_at",
                ],
            ),
            guards.stands(name="acknowledged_stands", where="OLD.state = 'acknowledged'"),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.schema} {self.biz_id}"

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]
