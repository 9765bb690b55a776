"""Who attends must be allowed to practise: said in these words at every door and in every step."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from doctors import selectors as doctors_of
from doctors.models import Clinician
from hospital.consultations import selectors
from hospital.kernel.refusals import require


def require_practice(user: Any) -> None:
    """Turn a doctor away who may not practise now. Whoever is no doctor here is not our matter."""
    if doctors_of.clinician_of(user, "doctor") is not None:
        _require(selectors.practising_now([user]).exists())


def require_practice_of(doctor: Clinician, *, at: datetime) -> None:
    """The same inside a step: held until it is over, so that a suspension waits for it."""
    _require(selectors.holds_practice(doctor, at))


def _require(may: bool) -> None:  # noqa: FBT001 - reads as a sentence
    require(may, _("您的资质现在不能执业，请联系医务处。"), code="not-practising")
