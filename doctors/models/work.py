"""When somebody is on duty."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models.people import Clinician

# The person is held first, so that of two who write at once the second sees the first.
_ONE_PLACE_AT_A_TIME = """
    PERFORM FROM doctors_clinician WHERE user_id =
        (SELECT user_id FROM doctors_clinician WHERE id = NEW.clinician_id)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM doctors_duty d
        JOIN doctors_clinician c ON c.id = d.clinician_id
        JOIN doctors_clinician me ON me.id = NEW.clinician_id AND me.user_id = c.user_id
        WHERE d.id <> NEW.id AND d.starts_at < NEW.ends_at AND d.ends_at > NEW.starts_at)
    THEN
        RAISE EXCEPTION 'on duty twice at once' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
"""


class Duty(models.Model):
    """That somebody is on duty, from when to when. A person is in one place at a time: the
    exclusion constraint `duty_not_twice` says so of one post, the trigger of all their posts."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.CASCADE, related_name="duties")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        verbose_name = _("值班")
        verbose_name_plural = _("值班")
        constraints = [
            models.CheckConstraint(
                name="duty_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            )
        ]
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="duty_when")]
        triggers = [
            pgtrigger.Trigger(
                name="one_place_at_a_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_ONE_PLACE_AT_A_TIME,
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)
