"""Pull what changed, page by page; a pull that broke off goes on where it stopped."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from hospital.his import gateways, mirror, reading, selectors
from hospital.his.gateways import Page
from hospital.his.mirror import MODELS, Taken
from hospital.his.models import Cursor, Person
from hospital.his.models.progress import LONGEST_LINK
from hospital.his.services.asides import set_aside, subject_of
from hospital.kernel.refusals import Unavailable

RESOURCES: Final = tuple(MODELS)
OVERLAP: Final = timedelta(minutes=1)  # a change may be written later than its own time says
_ABOUT_NOBODY: Final = {"Patient", "Medication"}  # which stand for themselves
log = logging.getLogger(__name__)


def pull(
    kind: str, *, at: datetime, told: Callable[[Cursor], object] = lambda _cursor: None
) -> Taken:
    """Take over all that changed since the last pull; `told` hears of every page.

    What was taken stays taken when the system stops answering half way: then the next pull goes
    on from there, and this raises `Unavailable`.
    """
    came, begun = _begin(kind, at=at), time.monotonic()
    taken = Taken()
    try:
        for page, onward in _changes(kind, came):
            seen = at + timedelta(seconds=time.monotonic() - begun)
            taken += take_page(kind, page, onward=onward, at=at, seen=seen)
            told(Cursor.objects.get(resource=kind))
    except Exception as error:
        Cursor.objects.filter(resource=kind).update(error=_told(error))
        raise
    Cursor.objects.filter(resource=kind).update(pulled_at=at, error="", onward="")
    return taken


def _told(error: Exception) -> str:
    """For IT. What an exception of a library says may quote the resource, so only its name."""
    return error.message[:200] if isinstance(error, Unavailable) else type(error).__name__


def pull_all(*, at: datetime) -> dict[str, Taken]:
    """Every kind in turn. One that is not answered for, or fails, keeps no other one waiting;
    afterwards the first of these troubles is raised."""
    taken: dict[str, Taken] = {}
    troubles: list[Exception] = []
    for kind in RESOURCES:
        try:
            taken[kind] = pull(kind, at=at)
        except Exception as trouble:
            log.warning("hospital system: %s: %s", kind, type(trouble).__name__)
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return taken


def take_page(kind: str, page: Page, *, onward: str, at: datetime, seen: datetime) -> Taken:
    """One page into the mirror, and in the same transaction how far that brings the pull."""
    if kind not in _ABOUT_NOBODY:
        _meet_strangers(page.resources, at=at)
    _first, latest = _span(page)
    with transaction.atomic():
        taken = mirror.take(kind, page.resources, at=at)
        came = selectors.since(kind)
        if latest is not None and (came is None or latest > came):
            # A clock that runs ahead there must not make us blind to everything before it.
            came = min(latest, max(at, came or at))
        Cursor.objects.filter(resource=kind).update(
            since=came,
            onward=_kept(onward),
            seen_at=seen,
            pages=F("pages") + 1,
            rows=F("rows") + taken.rows,
            aside=F("aside") + taken.quarantined,
        )
    return taken


def _kept(onward: str) -> str:
    """The link where it can be kept; after a page without one a pull goes on from its moment."""
    return onward if len(onward) <= LONGEST_LINK and onward.isprintable() else ""


def _begin(kind: str, *, at: datetime) -> Cursor:
    """Count anew, unless the last pull broke off: then this one is the rest of it."""
    cursor, _is_new = Cursor.objects.get_or_create(resource=kind)
    if not cursor.error or cursor.started_at is None:
        cursor.started_at, cursor.seen_at, cursor.expected = at, None, None
        cursor.pages = cursor.rows = cursor.aside = 0
        cursor.save()
    return cursor


def _changes(kind: str, cursor: Cursor) -> Iterator[tuple[Page, str]]:
    """Page after page of changes, each asked for from the last change seen on; with the link by
    which a pull that breaks off after it goes on.

    Going by the offset of `next` alone would skip a resource whenever one on an earlier page
    changes meanwhile; so `next` is followed only within one and the same moment.
    """
    moment = cursor.since - OVERLAP if cursor.since else None
    page = _resumed(cursor) or gateways.changed(kind, since=moment)
    if page.total is not None and cursor.expected is None:
        Cursor.objects.filter(resource=kind).update(expected=page.total)
    while True:
        first, latest = _span(page)
        moves = first != latest and (moment is None or latest is None or latest > moment)
        onward = page.next
        yield page, "" if moves else onward or ""
        if onward is None:
            return
        moment = max(filter(None, (moment, latest)), default=None)
        page = gateways.changed(kind, since=moment) if moves else gateways.following(onward)


def _resumed(cursor: Cursor) -> Page | None:
    """The page at which the last pull stopped, if the hospital still knows the link to it."""
    if not cursor.onward:
        return None
    try:
        return gateways.following(cursor.onward)
    except Unavailable as silence:
        if silence.code != gateways.STRANGE:
            raise
        return None


def _meet_strangers(resources: list[reading.Resource], *, at: datetime) -> None:
    """Fetch the patients of whom these resources speak and whom we have not met."""
    subjects = {subject for each in resources if (subject := subject_of(each))}
    known = set(Person.objects.filter(fhir_id__in=subjects).values_list("fhir_id", flat=True))
    wanted = sorted(subjects - known)
    for found in gateways.several("Patient", wanted):
        if found.get("id") in wanted:
            mirror.take("Patient", [found], at=at)
        else:
            set_aside("Patient", [found], mirror.ANOTHER, at=at)


def _span(page: Page) -> tuple[datetime | None, datetime | None]:
    """Of which moments its resources are, from first to last."""
    moments = [at for each in page.resources if (at := reading.changed_at(each))]
    return min(moments, default=None), max(moments, default=None)
