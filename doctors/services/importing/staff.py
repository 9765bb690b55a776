"""One row of a 花名册: an account, a post, a licence handed in for approval and never approved."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from doctors import selectors
from doctors.lifecycle import State
from doctors.models import Clinician, Credential, Department, Import
from doctors.selectors import KnownStaff
from doctors.services.clinicians import add_clinician, move_clinician
from doctors.services.credentials import submit_credential
from doctors.services.importing.comparing import Compared
from doctors.sheets import Finding, Reading
from doctors.sheets.staff import LICENCE, SHEET
from hospital.accounts import services as accounts
from hospital.accounts.models import User
from hospital.kernel.refusals import Refused, WrongState


def compared(readings: Iterable[Reading], wrong: Collection[int]) -> Compared:
    """What each row would come to, and what stands in its way here; a few queries in all.

    Of `wrong` rows, which could not be read whole, the department is asked about and no more.
    """
    readings, found = list(readings), Compared()
    known = _known(reading.values for reading in readings)
    for reading in readings:
        try:
            if reading.row in wrong:
                _department_of(reading.values, known)
            else:
                found.outcomes[reading.row] = _judged(reading.values, known).step
        except _InTheWay as refusal:
            word = SHEET.word_of(refusal.column)
            found.findings.append(Finding(reading.row, word, refusal.message))
    return found


def put(values: Mapping[str, Any], sheet: Import, *, at: datetime) -> str:
    """Make it so, in the caller's transaction; the step that the row takes by it. Twice is once.

    Judged anew: since the list was checked somebody else may have been here. Refuses
    `about-oneself` where it gives a post or a title to one of the two who let it run.
    """
    ways = _judged(values, _known([values]))
    if ways.user is not None and (ways.post is None or ways.moves):
        _require_of_another(ways.user, sheet)
    user = ways.user or accounts.add_staff(
        values["staff_no"],
        name=values["name"],
        roles=values["roles"],
        by=None,
        at=at,
        why=f"import {sheet.public_id}",
    )
    post = ways.post
    if post is None:
        post = add_clinician(
            user,
            kind=values["kind"],
            department=ways.department,
            title=values["title"],
            by=sheet.confirmed_by,
            at=at,
            good_at=values.get("good_at", ""),
            intro=values.get("intro", ""),
        )
    elif ways.moves:
        move_clinician(
            post, department=ways.department, title=values["title"], by=sheet.confirmed_by, at=at
        )
    if ways.licence:
        if sheet.checked_by is None:
            raise Refused(_("名单里有资质，请写明由医务处的谁提交。"), code="submitter-missing")
        submit_credential(post, **ways.licence, by=sheet.checked_by, at=at)
    return ways.step


def _require_of_another(user: User, sheet: Import) -> None:
    if user.pk in (sheet.checked_by_id, sheet.confirmed_by_id):
        raise Refused(
            _("这一行是上传人或确认人自己的，请由医务处的另外两个人导入。"), code="about-oneself"
        )


@dataclass(frozen=True)
class _Ways:
    """What has to be done for a row, and what is there already."""

    department: Department
    user: User | None
    post: Clinician | None
    moves: bool
    licence: Mapping[str, Any]  # to be handed in; empty where it is here or not told

    @property
    def step(self) -> str:
        if self.post is None:
            return "add"
        return "change" if self.moves or self.licence else "keep"


class _InTheWay(WrongState):
    """What stands here forbids the row; `column` is where to look."""

    column = ""


def _in_the_way(column: str, message: str, code: str) -> _InTheWay:
    refusal = _InTheWay(message, code=code)
    refusal.column = column
    return refusal


def _known(rows: Iterable[Mapping[str, Any]]) -> KnownStaff:
    rows = list(rows)
    return selectors.known_staff(
        (row.get("staff_no", "") for row in rows), (row.get("department", "") for row in rows)
    )


def _judged(values: Mapping[str, Any], known: KnownStaff) -> _Ways:
    department = _department_of(values, known)
    assert department is not None, "a row that was read whole names its department"
    user = known.users.get(values["staff_no"])
    if user is not None:
        _require_same_person(user, values)
    post = None if user is None else known.posts.get((user.pk, values["kind"]))
    moves = post is not None and (
        post.department_id != department.pk or post.title != values["title"]
    )
    held = None if post is None else known.licences.get(post.pk)
    return _Ways(department, user, post, moves, _licence_of(values, held))


def _department_of(values: Mapping[str, Any], known: KnownStaff) -> Department | None:
    """None only where its cell could not be read."""
    word = values.get("department", "")
    if word and word not in known.departments:
        raise _in_the_way(
            "department",
            _("没有这个科室。请写科室名称或编码，或先导入科室。"),
            "department-unknown",
        )
    return known.departments.get(word)


def _require_same_person(user: User, values: Mapping[str, Any]) -> None:
    if user.name != values["name"]:
        raise _in_the_way(
            "name", _("这个工号已有账号，姓名不同。请核对工号和姓名。"), "name-of-another"
        )
    if not user.is_active:
        raise _in_the_way(
            "staff_no", _("这个账号已停用。请先由系统管理员恢复。"), "account-disabled"
        )
    if values["kind"] not in user.roles:
        raise _in_the_way(
            "kind",
            _("这个账号没有该岗位的角色。请先由两位安全管理员授予，再导入。"),
            "role-missing",
        )


def _licence_of(values: Mapping[str, Any], held: Credential | None) -> dict[str, Any]:
    """The licence as it is handed in; nothing where it is not told, or here already."""
    if not values.get("qualification_no"):
        return {}
    licence = {name: values[name] for name in LICENCE}
    for name in ("independent_since", "valid_until"):
        licence[name] = date.fromisoformat(licence[name])
    if held is not None and all(getattr(held, name) == licence[name] for name in LICENCE):
        return {}
    if held is not None and held.state == State.SUBMITTED:
        raise _in_the_way(
            "qualification_no",
            _("已有一份资质在等待审核。请等审核以后再导入。"),
            "already-submitted",
        )
    return licence | {"id_number": values.get("id_number") or None}
