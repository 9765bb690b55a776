"""Somebody begins to work here, and sets up what they offer online."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician, Department, Service, Title
from doctors.permissions import may_set_up
from doctors.pinyin import syllables_of
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel import normalise
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
    """Somebody works elsewhere from now on, or under another title. `by=None` is the platform."""
    clinician = Clinician.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
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
    return clinician


def _require_fitting(title: str, kind: str) -> None:
    if (title in _OF_PHARMACISTS) != (kind == "pharmacist"):
        raise _of_another_kind()


def _of_another_kind() -> Refused:
    return Refused(_("职称与岗位不一致，请核对。"), code="title-of-another-kind")


@transaction.atomic
def set_receiving(clinician: Clinician, *, is_receiving: bool, by: User, at: datetime) -> Clinician:
    """Turn the 接诊中 switch. Consultations already begun go on."""
    clinician = Clinician.objects.select_for_update(of=("self",)).get(pk=clinician.pk)
    require(may_set_up(by, clinician), _("只能设置自己的接诊状态。"))
    if clinician.is_receiving != is_receiving:
        clinician.is_receiving = is_receiving
        clinician.save(update_fields=["is_receiving"])
        audit.record("service.set", by=by, on=clinician, at=at, is_receiving=is_receiving)
    return clinician


@transaction.atomic
def set_service(
    clinician: Clinician,
    kind: str,
    *,
    price_fen: int,
    daily_quota: int,
    is_on: bool,
    by: User,
    at: datetime,
) -> Service:
    """Set what the doctor offers. Orders already placed keep the price they were placed at."""
    require(may_set_up(by, clinician), _("只能设置自己的服务。"))
    require(clinician.kind == "doctor", _("只有医生可以提供线上服务。"))
    if kind not in Service.Kind.values:
        raise Refused(_("没有这项服务。"), code="service-unknown")
    normalise.whole(price_fen, low=0, high=Service.HIGHEST_PRICE_FEN)
    normalise.whole(daily_quota, low=1, high=Service.HIGHEST_QUOTA)
    service, _made = Service.objects.update_or_create(
        clinician=clinician,
        kind=kind,
        defaults={"price_fen": price_fen, "daily_quota": daily_quota, "is_on": is_on},
    )
    audit.record(
        "service.set",
        by=by,
        on=service,
        at=at,
        kind_of_service=kind,
        price_fen=price_fen,
        daily_quota=daily_quota,
        is_on=is_on,
    )
    return service
