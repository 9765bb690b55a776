"""About whom and what somebody asks: theirs, or not there."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from patients import selectors
from patients.models import Link, Patient


def own_link(request: HttpRequest, public_id: UUID) -> Link:
    """By which one acts for this patient now."""
    return get_object_or_404(selectors.links_of(request.user), patient__public_id=public_id)


def spoken_for(request: HttpRequest, public_id: UUID) -> Patient:
    """Who only helps finds nothing of who reads a record, and lets nobody in."""
    mine = selectors.linked_to(request.user, speaking=True)
    return get_object_or_404(mine, public_id=public_id)


def uuid_named(request: HttpRequest, name: str) -> UUID | None:
    """What the address names by its public id; None where it names nothing."""
    told = request.GET.get(name)
    try:
        return UUID(told) if told else None
    except ValueError:
        raise Http404 from None
