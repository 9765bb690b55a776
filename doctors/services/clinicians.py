"""Somebody begins to work here."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import selectors
from doctors.models import Clinician, Department, Title
from doctors.services.privileges import end_above_title
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel import normalise
from hospital.kernel.pinyin import syllables_of
from hospital.kernel.refusals import Refused, require

_OF_PHARMACISTS: Final = {Title.PHARMACIST, Title.SUPERVISING_PHARMACIST}


@transaction.atomic
def add_clinician(
    user: User,
    *,
    kind: str,
    department: Department,
    title: str,
    by: User | None,
    at: datetime,
    good_at: str = "",
    intro: str = "",
    portrait: str = "",
    reply_minutes: int = 60,
) -> Clinician:
    """Let the holder of a staff account appear as a doctor or pharmacist, under their own name."""
    if not user.holds(kind):
        raise _of_another_kind()
    _require_fitting(title, kind)
    clinician = Clinician.objects.create(
        user=user,
        kind=kind,
        name=normalise.name(user.name),
        pinyin=syllables_of(user.name, of_a_person=True),
        department=department,
        title=title,
        good_at=normalise.prose(good_at, limit=300),
        intro=normalise.prose(intro),
        portrait=portrait,
        reply_minutes=reply_minutes,
    )
    audit.record("clinician.add", by=by, on=clinician, at=at, department=department.code)
    return clinician


@transaction.atomic
def move_clinician(
    clinician: Clinician, *, department: Department, title: str, by: User | None, at: datetime
) -> Clinician:
    """Somebody works elsewhere from now on, or under another title. `by=None` is the platform.

    A tier of antimicrobials that the new title does not reach ends with the old title.
    """
    clinician = selectors.held_clinician(clinician)
    if by is not None:
        require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以改科室和职称。"))
    _require_fitting(title, clinician.kind)
    before = {"department": clinician.department.code, "title": clinician.title}
    after = {"department": department.code, "title": title}
    if before != after:
        clinician.department, clinician.title = department, title
        clinician.save(update_fields=["department", "title"])
        audit.record(
            "clinician.move", by=by, on=clinician, at=at, department=department.code, title=title
        )
        end_above_title(clinician, by=by, at=at)
    return clinician


def _require_fitting(title: str, kind: str) -> None:
    if (title in _OF_PHARMACISTS) != (kind == "pharmacist"):
        raise _of_another_kind()


def _of_another_kind() -> Refused:
    return Refused(_("职称与岗位不一致，请核对。"), code="title-of-another-kind")
