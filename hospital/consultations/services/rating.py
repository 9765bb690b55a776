"""The patient says how it was, once."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.consultations import selectors
from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation, Rating
from hospital.consultations.permissions import may_act_for
from hospital.kernel.normalise import prose, whole
from hospital.kernel.refusals import WrongState, require

LONGEST: Final = 300  # characters


@transaction.atomic
def rate(consultation: Consultation, *, stars: int, text: str, by: Any, at: datetime) -> Rating:
    """One to five stars and a few words about an attended consultation."""
    consultation = selectors.locked(consultation)
    require(may_act_for(by, consultation), _("只有就诊的一方可以评价。"))
    if consultation.state not in (State.CLOSED, State.REFERRED):
        raise WrongState(_("问诊结束后才能评价。"), code="not-ended")
    if Rating.objects.filter(consultation=consultation).exists():
        raise WrongState(_("这次问诊已经评价过了。"), code="already-rated")
    rating = Rating.objects.create(
        consultation=consultation,
        stars=whole(stars, low=1, high=5),
        text=prose(text, limit=LONGEST),
        at=at,
    )
    audit.record(
        "consultation.rate",
        by=by,
        on=rating,
        at=at,
        about=consultation.patient.public_id,
        stream=consultation.public_id,
        stars=rating.stars,
    )
    return rating
