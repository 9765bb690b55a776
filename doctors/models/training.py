"""How somebody was trained and assessed (R-36): what evaluation and exit rest on."""

import uuid
from typing import Any, ClassVar, Final

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from doctors.models.people import Clinician
from hospital.kernel.guards import append_only_plain
from hospital.kernel.lifecycle import Face

_NEVER_OF_ONESELF: Final = """
    IF EXISTS (SELECT FROM doctors_clinician WHERE id = NEW.clinician_id AND user_id = NEW.by_id)
    THEN RAISE EXCEPTION 'nobody records their own training' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class Training(models.Model):
    """One training or assessment, as another person recorded it. It stands; a mistake is answered
    by a later one."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        ASSESSMENT = "assessment", _("考核")

    HIGHEST_SCORE: ClassVar = 100
    FACES: ClassVar[dict[bool, Face]] = {
        True: Face("合格", "Passed", "ok", "badge-check"),
        False: Face("不合格", "Not passed", "danger", "circle-x"),
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(Clinician, models.PROTECT, related_name="trainings")
    kind: Any = models.CharField(max_length=12, choices=Kind)
    topic = models.CharField(max_length=80)
    on = models.DateField()
    score = models.PositiveSmallIntegerField(null=True)  # of a hundred; an assessment has one
    is_passed = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("培训和考核")
        verbose_name_plural = _("培训和考核")
        indexes = [models.Index(fields=["clinician", "-on"], name="training_of_somebody")]
        constraints = [
            models.CheckConstraint(
                name="training_kind", condition=Q(kind__in=["training", "assessment"])
            ),
            models.CheckConstraint(
                name="training_score",
                condition=Q(kind="training", score=None)
                | Q(score__isnull=False, score__gte=0, score__lte=100),
            ),
            models.CheckConstraint(
                name="training_is_over", condition=Q(on__lte=models.F("at__date"))
            ),
        ]
        triggers = [
            *append_only_plain(),
            pgtrigger.Trigger(
                name="never_of_oneself",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NEVER_OF_ONESELF,
            ),
        ]

    def __str__(self) -> str:
        return self.topic

    @property
    def face(self) -> Face:
        return self.FACES[self.is_passed]
