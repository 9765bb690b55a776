"""How far each pull has come, and what could not be taken over."""

import uuid
from datetime import timedelta
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hospital.kernel.encrypted import EncryptedTextField

LONGEST_LINK: Final = 1000


class Cursor(models.Model):
    """How far the pull of one kind of resource has come; written with every page it takes."""

    resource = models.CharField(max_length=32, primary_key=True)
    since = models.DateTimeField(null=True)
    onward = models.CharField(
        max_length=LONGEST_LINK, blank=True
    )  # the page to go on from, if one is left
    pulled_at = models.DateTimeField(null=True)  # when all that had changed was last here
    error = models.CharField(max_length=200, blank=True)
    # of the pull under way, or of the last one
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when it last took a page
    pages = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    aside = models.PositiveIntegerField(default=0)  # quarantined
    expected = models.PositiveIntegerField(null=True)  # how many there were to take, if it was told

    class Meta:
        verbose_name = _("同步进度")
        verbose_name_plural = _("同步进度")

    def __str__(self) -> str:
        return self.resource

    @property
    def took(self) -> timedelta | None:
        if self.started_at is None or self.seen_at is None:
            return None
        return self.seen_at - self.started_at

    @property
    def rate(self) -> float | None:
        """Resources a second; None before there is anything to say."""
        seconds = self.took.total_seconds() if self.took else 0
        return (self.rows + self.aside) / seconds if seconds > 0 else None


class Quarantined(models.Model):
    """A resource that could not be taken over; IT looks at it, it is never merged."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resource = models.CharField(max_length=32)
    fhir_id = models.CharField(max_length=64, blank=True)
    why = models.CharField(max_length=200)
    body = EncryptedTextField()
    digest = models.CharField(max_length=64, null=True, unique=True)  # the same thing is kept once
    at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)  # when it was last fetched anew
    mended_at = models.DateTimeField(null=True)  # since when nothing is wrong with it any more

    class Meta:
        verbose_name = _("隔离的数据")
        verbose_name_plural = _("隔离的数据")
        indexes = [
            models.Index(
                fields=["resource", "fhir_id"], condition=Q(mended_at=None), name="quarantined_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.resource}/{self.fhir_id}"
