"""Lists on their way in, and what stands here already of whom they name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, QuerySet

from doctors.lifecycle import ImportState, RowState, State
from doctors.models import Clinician, Credential, Department, Import, ImportRow
from hospital.accounts.models import User
from hospital.accounts.roles import Role

KEPT: Final = timedelta(days=7)  # a list that nobody confirms
ASLEEP: Final = timedelta(minutes=1)  # without a row: whoever ran it has died
_ALIVE: Final = (ImportState.CONFIRMED, ImportState.RUNNING)


def imports_visible_to(user: User) -> QuerySet[Import]:
    rows = Import.objects.select_related("checked_by", "confirmed_by")
    return rows if user.holds(Role.MEDICAL_AFFAIRS) else rows.none()


def locked_import(pk: int) -> Import | None:
    """Held until the transaction ends: whoever stops it waits for the row that is being done."""
    rows = Import.objects.select_for_update(of=("self",))
    return rows.select_related("checked_by", "confirmed_by").filter(pk=pk).first()


def next_row(sheet: Import) -> ImportRow | None:
    return sheet.lines.filter(state=RowState.WAITING).order_by("number").first()


def counted(sheet: Import) -> dict[str, int]:
    """How many rows have come to what; every state is there."""
    found = dict(sheet.lines.values_list("state").annotate(n=Count("pk")).order_by())
    return {str(state): found.get(state, 0) for state in RowState}


def failed_rows(sheet: Import) -> QuerySet[ImportRow]:
    return sheet.lines.filter(state=RowState.FAILED).order_by("number")


def waiting_rows(sheet: Import, *, after: int = 0) -> QuerySet[ImportRow]:
    return sheet.lines.filter(state=RowState.WAITING, number__gt=after).order_by("number")


def asleep(at: datetime) -> QuerySet[Import]:
    """Begun, or to be begun, and nobody is at it: no row has been done for a minute."""
    lately = ImportRow.objects.filter(sheet=OuterRef("pk"), done_at__gt=at - ASLEEP)
    return Import.objects.filter(
        ~Exists(lately), state__in=_ALIVE, confirmed_at__lte=at - ASLEEP
    ).order_by("pk")


def forgotten(at: datetime) -> QuerySet[Import]:
    """Checked a week ago and never confirmed: what they say of people is not kept longer."""
    return Import.objects.filter(state=ImportState.CHECKED, checked_at__lte=at - KEPT).order_by(
        "pk"
    )


@dataclass(frozen=True)
class KnownStaff:
    """Who of a list is here already; asked of whole lists, so that no row costs a query."""

    users: Mapping[str, User]  # by staff number
    posts: Mapping[tuple[int, str], Clinician]  # by account and kind
    licences: Mapping[int, Credential]  # the newest that waits or is in force, by post
    departments: Mapping[str, Department]  # by code and by name


def known_staff(numbers: Iterable[str], places: Iterable[str]) -> KnownStaff:
    users = {user.username or "": user for user in User.objects.filter(username__in=set(numbers))}
    posts = Clinician.objects.select_related("department").filter(user__in=users.values())
    known = {(post.user_id, post.kind): post for post in posts}
    held = Credential.objects.filter(
        clinician__in=known.values(),
        state__in=[State.SUBMITTED, State.APPROVED, State.SUSPENDED],
    ).order_by("submitted_at", "pk")
    return KnownStaff(
        users, known, {each.clinician_id: each for each in held}, departments_called(places)
    )


def departments_called(words: Iterable[str]) -> dict[str, Department]:
    """By code or by name, as offices write them."""
    wanted = set(words)
    found: dict[str, Any] = {}
    for department in Department.objects.filter(name__in=wanted):
        found[department.name] = department
    for department in Department.objects.filter(code__in=[word.upper() for word in wanted]):
        found[department.code] = department
    return {word: found[key] for word in wanted for key in (word, word.upper()) if key in found}
