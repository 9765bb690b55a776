"""The feed `consultations`: a licence was suspended, lapsed or came back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from audit.models import Event
from doctors.models import Clinician
from hospital.consultations import selectors
from hospital.consultations.lifecycle import HandoverState
from hospital.consultations.models import Handover
from hospital.consultations.services import handing

FEED: Final = "consultations"
KINDS: Final = frozenset(
    {"credential.suspend", "credential.lapse", "credential.restore", "credential.approve"}
)


def on_event(event: Event, at: datetime) -> None:
    """Ask what is so now and not what the event says: it may be told late, or twice."""
    doctor = Clinician.objects.get(public_id=UUID(event.facts["clinician"]))
    for left in selectors.stranded(at).filter(doctor=doctor):
        handing.relieve(left, at=at)
    waiting = Handover.objects.filter(former=doctor, state=HandoverState.ASKED)
    for handover in waiting.select_related("consultation").order_by("pk"):
        handing.resume(handover, at=at)
