"""The formulary as a doctor searches it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import Q

from hospital.kernel.normalise import folded
from prescriptions.models import Drug

MOST: Final = 20


def formulary_matching(text: str) -> list[Drug]:
    """By name or by pinyin initials; what may be prescribed online first."""
    wanted = folded(text)[:32]
    if not wanted:
        return []
    asked = Q(name__icontains=wanted)
    if wanted.isascii():
        asked |= Q(initials__contains=wanted.lower()) | Q(atc__istartswith=wanted)
    return list(Drug.objects.filter(asked).order_by("-is_sold", "name", "strength")[:MOST])


def drugs_by_id(public_ids: Iterable[UUID]) -> dict[UUID, Drug]:
    return {drug.public_id: drug for drug in Drug.objects.filter(public_id__in=set(public_ids))}


def drug_named(key: str) -> Drug:
    return Drug.objects.get(key=key)
