"""The cards on a first page: what goes on for this person, told by the rooms that know.

A card is a function from the person and the time to a template and its context, or None where
there is nothing to say. A new room adds one function to the tuple of the role; the order of the
tuple is the order on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from doctors import selectors as doctors
from hospital.consultations import selectors as consultations
from hospital.kernel.calendar import local_date
from hospital.notifications import selectors as notices
from patients import selectors as patients
from prescriptions import selectors as prescriptions


@dataclass(frozen=True)
class Card:
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Source = Callable[[Any, datetime], Card | None]
FEW: Final = 3


def unread_notices(user: Any, _at: datetime) -> Card | None:
    rows = list(notices.visible_to(user).filter(read_at=None).order_by("-at", "-pk")[:FEW])
    return Card("home/_notices_card.html", {"rows": rows}) if rows else None


def licence(user: Any, at: datetime) -> Card | None:
    """That a clinician may not practise, or not much longer."""
    clinician = doctors.posts_of(user).first()
    if clinician is None:
        return None
    days = doctors.days_left(clinician, local_date(at))
    if days is not None and days > doctors.EXPIRES_SOON:
        return None
    return Card("doctors/_licence_card.html", {"days": days})


def duty(user: Any, at: datetime) -> Card | None:
    """That somebody is on duty, or when they will be."""
    first = doctors.own_duties(user, at).first()
    if first is None:
        return None
    return Card("doctors/_duty_card.html", {"duty": first, "now": first.starts_at <= at})


def handovers(user: Any, _at: datetime) -> Card | None:
    """That patients of a colleague wait for somebody to go on."""
    waiting = consultations.offered_to(user)[:FEW].count()
    return Card("consultations/_handovers_card.html", {"count": waiting}) if waiting else None


def papers(user: Any, _at: datetime) -> Card | None:
    """That papers of other hospitals wait for this doctor's department."""
    waiting = patients.papers_to_review(user)[:FEW].count()
    return Card("patients/_reviews_card.html") if waiting else None


def first_steps(user: Any, _at: datetime) -> Card | None:
    """Until somebody has said who they are, that is what to do."""
    return None if patients.links_of(user).exists() else Card("patients/_start_card.html")


def going_on(user: Any, _at: datetime) -> Card | None:
    """The consultations that are not over."""
    rows = list(consultations.going_on(user)[:FEW])
    return Card("consultations/_now_card.html", {"rows": rows}) if rows else None


def waiting(user: Any, _at: datetime) -> Card | None:
    """The patients who wait for this doctor."""
    rows = list(consultations.worklist(user)[:FEW])
    return Card("consultations/_waiting_card.html", {"rows": rows}) if rows else None


def medicines(user: Any, at: datetime) -> Card | None:
    """The prescriptions to pay for, and the medicines on their way."""
    rows = list(prescriptions.to_be_had(user, local_date(at))[:FEW])
    return Card("prescriptions/_medicines_card.html", {"rows": rows}) if rows else None


def returned(user: Any, _at: datetime) -> Card | None:
    """What pharmacists sent back to this doctor."""
    rows = list(prescriptions.returned_to(user)[:FEW])
    return Card("prescriptions/_returned_card.html", {"rows": rows}) if rows else None


def to_review(user: Any, _at: datetime) -> Card | None:
    """The prescriptions that wait for a pharmacist, and those to be packed."""
    waiting = prescriptions.awaiting_review(user).count()
    packing = prescriptions.to_dispense().count()
    context = {"waiting": waiting, "packing": packing}
    return Card("prescriptions/_pharmacy_card.html", context) if waiting or packing else None


PATIENT: tuple[Source, ...] = (
    first_steps,
    going_on,
    medicines,
    unread_notices,
)
DOCTOR: tuple[Source, ...] = (
    licence,
    handovers,
    returned,
    waiting,
    papers,
    duty,
    unread_notices,
)
PHARMACIST: tuple[Source, ...] = (
    licence,
    to_review,
    duty,
    unread_notices,
)


def dealt(sources: tuple[Source, ...], user: Any, at: datetime) -> list[Card]:
    """The cards that have something to say."""
    return [card for source in sources if (card := source(user, at)) is not None]
