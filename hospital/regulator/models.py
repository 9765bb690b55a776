"""What was and is to be uploaded: one row for one event under one schema."""

import uuid

from django.db import models
from django.db.models import Q

from hospital.kernel.encrypted import EncryptedTextField
from hospital.kernel.lifecycle import Face
from hospital.regulator.lifecycle import LIFECYCLE, State


class Upload(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # msgId
    event = models.BigIntegerField()  # of the trail
    schema = models.CharField(max_length=16)  # VISIT, RX_ISSUE …
    biz_id = models.CharField(max_length=64)  # the receiver's idempotency key
    stream = models.UUIDField()  # the visit
    seq = models.PositiveIntegerField()  # within the visit, without gaps
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    payload = EncryptedTextField()  # canonical JSON
    digest = models.CharField(max_length=64)  # SM3 of it
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=64, blank=True)
    code = models.IntegerField(null=True)  # of the last answer
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "监管上报"
        verbose_name_plural = "监管上报"
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="upload_due")]
        constraints = [
            models.CheckConstraint(name="upload_state", condition=Q(state__in=State.values)),
            models.UniqueConstraint(fields=["event", "schema"], name="upload_once_for_an_event"),
            models.UniqueConstraint(fields=["stream", "seq"], name="upload_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.schema} {self.biz_id}"

    @property
    def face(self) -> Face:
        return LIFECYCLE.faces[self.state]
