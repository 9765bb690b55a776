"""A department is opened, called otherwise, or put under another one."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Department
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.pinyin import syllables_of
from hospital.kernel.refusals import Refused, WrongState, require


@transaction.atomic
def put_department(code: str, *, by: User | None, at: datetime, **told: Any) -> str:
    """Make the department of this code what is told of it: `add`, `change`, or `keep` where it
    was so. `parent` is the code of the larger one, or empty. A new one stands last, and none is
    ever removed. `by=None` is the platform itself.
    """
    if by is not None:
        require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以设置科室。"))
    if "parent" in told:
        told["parent"] = _called(told["parent"])
    here = Department.objects.select_for_update(of=("self",)).filter(code=code).first()
    if here and all(getattr(here, column) == value for column, value in told.items()):
        return "keep"
    department = here or Department(code=code, order=_last())
    for column, value in told.items():
        setattr(department, column, value)
    department.pinyin = syllables_of(department.name)
    _save(department)
    step = "change" if here else "add"
    audit.record(f"department.{step}", by=by, on=department, at=at, code=code)
    return step


def _save(department: Department) -> None:
    """A name belongs to one department, and there are two levels: the database says both."""
    try:
        with transaction.atomic():
            department.save()
    except IntegrityError as error:
        raise WrongState(
            _("名称已是另一个科室的，或者上级科室不合适（最多两级）。请核对。"),
            code="department-conflict",
        ) from error


def _called(code: str) -> Department | None:
    if not code:
        return None
    department = Department.objects.filter(code=code).first()
    if department is None:
        raise Refused(
            _("没有这个上级科室。请先导入它，或写在它前面的行。"), code="department-unknown"
        )
    return department


def _last() -> int:
    highest: int | None = Department.objects.aggregate(order=Max("order"))["order"]
    return 0 if highest is None else highest + 1
