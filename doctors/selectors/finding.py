"""Finding people and departments by what somebody types, and the list of staff open to all."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet, Subquery

from doctors.lifecycle import State
from doctors.models import Clinician, Credential, Department
from doctors.selectors.people import departments, in_force, practising
from hospital.kernel.normalise import folded
from hospital.kernel.pinyin import pattern_of

WORDS: Final = 20  # characters of a search that count
PAGE: Final = 20


def called(words: str) -> Q:
    """Whose own name holds these words, or begins so in pinyin."""
    typed = folded(words)[:WORDS]
    pattern = pattern_of(typed)
    return Q(name__icontains=typed) | (Q(pinyin__regex=pattern) if pattern else Q())


def named(words: str) -> Q:
    """Those, and whoever works in a department that is called so, also for short."""
    return called(words) | Q(department__in=_departments(folded(words)[:WORDS]).values("pk"))


def _departments(typed: str) -> QuerySet[Department]:
    letters = map(re.escape, typed)
    found = Q(name__icontains=typed) | Q(name__regex=f"^{'.*'.join(letters)}")  # 心内科
    if typed.isascii() and len(typed) > 2:
        found |= Q(name_en__iregex=rf"\m{re.escape(typed)}")
    if pattern := pattern_of(typed):
        found |= Q(pinyin__regex=pattern) | Q(pinyin__regex=pattern_of(typed, short=True))
    return Department.objects.filter(found).order_by()


def within(code: str) -> Q:
    """Clinicians of this department, or of one that is a part of it."""
    return Q(department__code=code) | Q(department__parent__code=code)


@dataclass(frozen=True)
class Branch:
    """A department with those that are a part of it."""

    department: Department
    children: tuple[Department, ...] = ()


def staffed(on: date) -> list[Branch]:
    """The departments with a practising doctor, as a tree in the hospital's order."""
    busy = practising(on).values("department")
    rows = list(departments().filter(Q(pk__in=busy) | Q(children__in=busy)).distinct())
    parts: dict[int, list[Department]] = {}
    for row in rows:
        if row.parent_id is not None:
            parts.setdefault(row.parent_id, []).append(row)
    return [Branch(row, tuple(parts.get(row.pk, ()))) for row in rows if row.parent_id is None]


def staff(
    on: date, *, kind: str = "", department: str = "", words: str = ""
) -> QuerySet[Clinician]:
    """Everybody whose licence is in force, each with it as `licences` (R-26)."""
    licence = Credential.objects.filter(state=State.APPROVED, ends_on__gte=on)
    rows = Clinician.objects.filter(in_force(on), user__is_active=True)
    if kind:
        rows = rows.filter(kind=kind)
    if department:
        rows = rows.filter(within(department))
    if words:
        rows = rows.filter(named(words))
    return (
        rows.select_related("department")
        .prefetch_related(Prefetch("credentials", licence, to_attr="licences"))
        .order_by("department__order", "pk")
    )


def staff_after(
    rows: QuerySet[Clinician], after: UUID | None
) -> tuple[list[Clinician], UUID | None]:
    """One page of the list, from behind `after`; and where the next one begins."""
    if after is not None:
        rows = rows.filter(behind(after))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].public_id if len(found) > PAGE else None


def behind(after: UUID) -> Q:
    """Whoever comes later by department and row; nobody, where there is no such person."""
    last = Clinician.objects.filter(public_id=after)
    place, pk = Subquery(last.values("department__order")), Subquery(last.values("pk"))
    later = Q(department__order__gt=place) | Q(department__order=place, pk__gt=pk)
    return Q(department__order__gte=place) & later  # the first half is what an index knows
