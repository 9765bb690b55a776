"""What a patient reads about a doctor before choosing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from doctors import selectors as doctors_of
from doctors.lifecycle import State as CredentialState
from doctors.models import Clinician, Credential, Service
from hospital.consultations.models import Rating, Standing
from hospital.consultations.selectors.finding import KINDS
from hospital.consultations.selectors.places import used_today
from hospital.kernel.calendar import local_date


@dataclass(frozen=True)
class Offer:
    """One service as it may be ordered now."""

    kind: str
    price_fen: int
    places: int  # left today
    price_code: str = ""  # its line of the price list


@dataclass(frozen=True)
class Figures:
    standing: Standing
    offers: tuple[Offer, ...] = ()
    is_seen: bool = False
    places: int = field(init=False)  # left today, over all services

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", sum(offer.places for offer in self.offers))

    @property
    def from_fen(self) -> int | None:
        return min((offer.price_fen for offer in self.offers), default=None)


def figures_of(rows: Sequence[Clinician], at: datetime) -> dict[int, Figures]:
    """The figures of doctors that `doctors` gave, by id, in one query however many they are."""
    offers: dict[int, list[Offer]] = {row.pk: [] for row in rows}
    services = Service.objects.filter(clinician__in=offers, is_on=True, kind__in=KINDS)
    priced = doctors_of.with_prices(services, local_date(at)).filter(price_fen__isnull=False)
    for each in priced.annotate(used=used_today(at)).order_by("-kind"):
        places = max(each.daily_quota - each.used, 0)
        assert each.price_fen is not None, "those without a price are left out"
        offers[each.clinician_id].append(Offer(each.kind, each.price_fen, places, each.price_code))
    return {
        row.pk: Figures(
            getattr(row, "standing", None) or Standing(doctor=row, counted_at=at),
            tuple(offers[row.pk]),
            is_seen=getattr(row, "rank", 1) == 0,
        )
        for row in rows
    }


def licence_of(doctor: Clinician, at: datetime) -> Credential | None:
    """The credential in force, whose essentials are public (R-26)."""
    approved = Credential.objects.filter(clinician=doctor, state=CredentialState.APPROVED)
    return approved.filter(ends_on__gte=local_date(at)).first()


def ratings_of(doctor: Clinician, *, most: int = 5) -> list[Rating]:
    """The newest words of patients about a doctor."""
    rows = Rating.objects.filter(consultation__doctor=doctor).select_related(
        "consultation__patient"
    )
    return list(rows.order_by("-at", "-pk")[:most])
