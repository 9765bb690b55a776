"""Keeps by which other documents the hospital knows people: passports, permits."""

from collections.abc import Iterator, Sequence

from hospital.his.models import Document, Person
from hospital.kernel.encrypted import index_of


def keep(told: Sequence[tuple[Person, Sequence[str]]]) -> Iterator[Person]:
    """Write down the documents of each person, in place of those that were known before.

    Yields whoever is said to hold a document that is somebody else's: that one is not written.
    """
    wanted = [
        (index_of(Document, "number_index", number), person, number)
        for person, numbers in told
        for number in dict.fromkeys(numbers)
    ]
    people = [person.pk for person, _numbers in told]
    indexes = {index for index, _person, _number in wanted}
    Document.objects.filter(person__in=people).exclude(number_index__in=indexes).delete()
    known = Document.objects.filter(number_index__in=indexes)
    holders = {each.number_index: each.person_id for each in known}
    fresh = []
    for index, person, number in wanted:
        if index not in holders:
            fresh.append(Document(person=person, number=number))
        if holders.setdefault(index, person.pk) != person.pk:
            yield person
    Document.objects.bulk_create(fresh)
