"""The cards on a first page: what goes on for this person, told by the rooms that know.

A card is a function from the person and the time to a template and its context, or None where
there is nothing to say. A new room adds one function to the tuple of the role; the order of the
tuple is the order on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hospital.notifications import selectors as notices


@dataclass(frozen=True)
class Card:
    template: str
    context: dict[str, Any] = field(default_factory=dict)


Source = Callable[[Any, datetime], Card | None]
FEW: Final = 3


def unread_notices(user: Any, _at: datetime) -> Card | None:
    rows = list(notices.visible_to(user).filter(read_at=None).order_by("-at", "-pk")[:FEW])
    return Card("home/_notices_card.html", {"rows": rows}) if rows else None


PATIENT: tuple[Source, ...] = (unread_notices,)
DOCTOR: tuple[Source, ...] = (unread_notices,)
PHARMACIST: tuple[Source, ...] = (unread_notices,)


def dealt(sources: tuple[Source, ...], user: Any, at: datetime) -> list[Card]:
    """The cards that have something to say."""
    return [card for source in sources if (card := source(user, at)) is not None]
