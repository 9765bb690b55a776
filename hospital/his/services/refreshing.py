"""Ask about one person now, because somebody is waiting for it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from hospital.his import gateways, mirror, reading, selectors
from hospital.his.models import Person
from hospital.his.reading import Malformed, Resource
from hospital.his.reading.documents import CITIZEN, HK_MACAO, one_form, system_of
from hospital.his.services.asides import set_aside, subject_of
from hospital.his.services.pulling import RESOURCES
from hospital.kernel import identity
from hospital.kernel.refusals import Unavailable


def refresh(id_number: str, *, at: datetime, document: str = "") -> Person | None:
    """Ask about one person by number. None where the hospital does not know the number.

    `document` is the kind of paper the number stands on, a citizen's identity number unless told
    (`reading.documents`). Raises `Unavailable` when there is no answer within `gateways.TOGETHER`,
    and when the answer is about somebody else (which is quarantined): the caller goes on with the
    mirror. What came before the silence stays.
    """
    is_citizen = not document
    number = identity.normalise(id_number) if is_citizen else one_form(document, id_number)
    with gateways.patience():
        found = gateways.people(number, system=CITIZEN if is_citizen else system_of(document))
        if found:
            _take_person(found, number, document, at=at)
        elif document != HK_MACAO:  # which they may keep with the places that count renewals
            return None
        person = selectors.person_of(number, document)
        if person is not None:
            _take_everything(person, at=at)
    return person


def _take_person(found: Sequence[Resource], number: str, document: str, *, at: datetime) -> None:
    asked = [each for each in found if _is_about(each, number, document)]
    strangers = [each for each in found if each not in asked]
    if strangers:
        set_aside("Patient", strangers, mirror.ANOTHER, at=at)
    if not asked:
        raise Unavailable(_("医院系统的回答对不上，已请信息中心核对。"), code="his-mismatch")
    mirror.take("Patient", asked, at=at)


def _take_everything(person: Person, *, at: datetime) -> None:
    """Page after page, each taken before the next is asked for."""
    for resources in gateways.everything(person.fhir_id):
        for kind in RESOURCES:
            if kind in {"Patient", "Medication"}:
                continue
            ours = [each for each in resources if each.get("resourceType") == kind]
            right = [each for each in ours if subject_of(each) == person.fhir_id]
            wrong = [each for each in ours if subject_of(each) != person.fhir_id]
            if right:
                mirror.take(kind, right, at=at)
            if wrong:
                set_aside(kind, wrong, mirror.ANOTHER, at=at)


def _is_about(resource: Resource, number: str, document: str) -> bool:
    """Whether a patient is the one asked for: by the number of the document, never by a name.

    Where an identity number tells another birth date or sex than stands beside it, `reading` takes
    the resource for nobody's.
    """
    try:
        (told,) = reading.read("Patient", resource)
    except Malformed:
        return False
    if document:
        return reading.keyed(document, number) in told.documents
    return bool(told.fields["id_number"] == number)
