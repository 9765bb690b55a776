"""Keeps the mirror fresh: by pulling what changed, and by asking about one person now.

Not atomic: the hospital's system is asked first, then each answer is taken over in a transaction
of its own together with how far the pull has come.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from hospital.his import gateways, mirror, reading, selectors
from hospital.his.gateways import Page
from hospital.his.mirror import MODELS, Taken
from hospital.his.models import Cursor, Person
from hospital.his.reading import Malformed, Resource
from hospital.kernel import identity
from hospital.kernel.refusals import Refused, Unavailable

RESOURCES: Final = tuple(MODELS)
OVERLAP: Final = timedelta(minutes=1)  # a change may be written later than its own time says
MOST_STRANGERS: Final = 50  # patients fetched one by one for a page about people not seen before


def pull(kind: str, *, at: datetime) -> Taken:
    """Take over all that changed since the last pull. What was taken stays taken when the system
    stops answering half way: then the next pull goes on from there, and this raises `Unavailable`.
    """
    rows = quarantined = 0
    try:
        for page in _changes(kind):
            taken = _take_page(kind, page, at=at)
            rows, quarantined = rows + taken.rows, quarantined + taken.quarantined
    except Unavailable as silence:
        Cursor.objects.update_or_create(resource=kind, defaults={"error": silence.message[:200]})
        raise
    Cursor.objects.update_or_create(resource=kind, defaults={"pulled_at": at, "error": ""})
    return Taken(rows, quarantined)


def pull_all(*, at: datetime) -> dict[str, Taken]:
    return {kind: pull(kind, at=at) for kind in RESOURCES}


def refresh(id_number: str, *, at: datetime) -> Person | None:
    """Ask about one person now. None where the hospital does not know the number.

    Raises `Unavailable` when there is no answer, and when the answer is about somebody else
    (which is quarantined): the caller goes on with the mirror.
    """
    number = identity.normalise(id_number)
    found = gateways.people(number)
    if not found:
        return None
    asked = [each for each in found if _is_about(each, number)]
    strangers = [each for each in found if each not in asked]
    if strangers:
        _quarantine("Patient", strangers, "wrong-patient: another one was asked for", at=at)
    if not asked:
        raise Unavailable(_("医院系统的回答对不上，已请信息中心核对。"), code="his-mismatch")
    mirror.take("Patient", asked, at=at)
    person = selectors.person_of(number)
    if person is not None:
        _take_everything(person, at=at)
    return person


def _changes(kind: str) -> Iterator[Page]:
    """Page after page of changes, each asked for from the last change seen on.

    Going by the offset of `next` alone would skip a resource whenever one on an earlier page
    changes meanwhile; so `next` is followed only within one and the same moment.
    """
    came = selectors.since(kind)
    moment = came - OVERLAP if came else None
    page = gateways.changed(kind, since=moment)
    while True:
        yield page
        onward, latest = page.next, _latest(page)
        if onward is None:
            return
        if latest is not None and (moment is None or latest > moment):
            moment = latest
            page = gateways.changed(kind, since=moment)
        else:
            page = gateways.following(onward)


def _take_page(kind: str, page: Page, *, at: datetime) -> Taken:
    if kind not in {"Patient", "Medication"}:
        _meet_strangers(page.resources, at=at)
    latest, came = _latest(page), selectors.since(kind)
    with transaction.atomic():
        taken = mirror.take(kind, page.resources, at=at)
        if latest is not None and (came is None or latest > came):
            # A clock that runs ahead there must not make us blind to everything before it.
            Cursor.objects.update_or_create(
                resource=kind, defaults={"since": min(latest, max(at, came or at))}
            )
    return taken


def _meet_strangers(resources: list[Resource], *, at: datetime) -> None:
    """Fetch the patients of whom these resources speak and whom we have not met."""
    subjects = {subject for each in resources if (subject := _subject(each))}
    known = set(Person.objects.filter(fhir_id__in=subjects).values_list("fhir_id", flat=True))
    for fhir_id in sorted(subjects - known)[:MOST_STRANGERS]:
        found = gateways.read("Patient", fhir_id)
        if found is not None and found.get("id") == fhir_id:
            mirror.take("Patient", [found], at=at)
        elif found is not None:
            _quarantine("Patient", [found], "wrong-patient: another one was asked for", at=at)


def _take_everything(person: Person, *, at: datetime) -> None:
    resources = list(gateways.everything(person.fhir_id))
    for kind in RESOURCES:
        if kind in {"Patient", "Medication"}:
            continue
        ours = [each for each in resources if each.get("resourceType") == kind]
        right = [each for each in ours if _subject(each) == person.fhir_id]
        wrong = [each for each in ours if _subject(each) != person.fhir_id]
        if right:
            mirror.take(kind, right, at=at)
        if wrong:
            _quarantine(kind, wrong, "wrong-patient: another one was asked for", at=at)


def _is_about(resource: Resource, number: str) -> bool:
    """Whether a patient is the one asked for: number, birth date and sex must all agree."""
    try:
        (told,) = reading.read("Patient", resource)
    except Malformed:
        return False
    return bool(told.fields["id_number"] == number)


def _subject(resource: Resource) -> str:
    try:
        return reading.subject_of(resource)
    except (KeyError, TypeError, AttributeError, Malformed, Refused):
        return ""


def _latest(page: Page) -> datetime | None:
    moments = [reading.changed_at(each) for each in page.resources]
    return max((each for each in moments if each), default=None)


@transaction.atomic
def _quarantine(kind: str, resources: list[Resource], why: str, *, at: datetime) -> None:
    mirror.quarantine(kind, [(each, why) for each in resources], at=at)
