"""When a doctor receives: hours of every week, and days of leave."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from doctors.models.people import Clinician


class Hours(models.Model):
    """That a doctor receives on this day of every week, from one minute of the day to another.

    Who has none of these receives at any hour.
    """

    DAY: ClassVar = 24 * 60

    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 1 is Monday, in Beijing
    opens = models.PositiveSmallIntegerField()  # minutes since midnight
    closes = models.PositiveSmallIntegerField()  # 1440 is the midnight after

    class Meta:
        verbose_name = _("接诊时段")
        verbose_name_plural = _("接诊时段")
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(
                name="hours_of_a_day",
                condition=Q(
                    weekday__gte=1, weekday__lte=7, closes__gt=F("opens"), closes__lte=1440
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.said}"

    @property
    def said(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"


class Leave(models.Model):
    """Days on which a doctor does not receive, both included."""

    LONGEST: ClassVar = 366  # days

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        verbose_name = _("休假")
        verbose_name_plural = _("休假")
        ordering = ("starts_on",)
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on}"


def clock(minutes: int) -> str:
    """`570` → `9:30`."""
    return f"{minutes // 60}:{minutes % 60:02d}"
