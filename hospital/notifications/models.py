"""One notice in one person's inbox."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedJSONField, EncryptedTextField
from hospital.kernel.sentences import said


class Notice(models.Model):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    title = EncryptedTextField()
    body = EncryptedTextField()
    names: Any = EncryptedJSONField(null=True)  # what stands in the placeholders of both
    link = models.CharField(max_length=200, blank=True)  # a path of ours, without personal data
    cause = models.BigIntegerField(null=True)  # the event it tells of; told twice, shown once
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("站内消息")
        verbose_name_plural = _("站内消息")
        indexes = [
            models.Index(fields=["to", "-at", "-id"], name="notice_newest"),
            models.Index(fields=["to"], condition=models.Q(read_at=None), name="notice_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "cause"],
                name="notice_once_for_an_event",
                condition=~models.Q(cause=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def said_title(self) -> str:
        return said(self.title, self.names)

    @property
    def said_body(self) -> str:
        return said(self.body, self.names)
