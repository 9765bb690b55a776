"""谁看过我的病历: the trail of one patient's data as the patient reads it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import selectors as audit
from audit.models import Event
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from patients import colleagues
from patients.models import Glass, Patient
from patients.selectors.glasses import glasses_named

SIZE: Final = 20
# What became of a look through break-glass stands beside it and is no read of its own.
_NO_READS: Final = ("break-glass.end", "break-glass.review", "break-glass.overdue")
WHATS: Final[dict[str, Any]] = {
    "record.read": _("看了健康档案"),
    "report.read": _("看了检查报告"),
    "prescription.read": _("看了处方"),
    "consultation.read": _("看了问诊"),
    "file.read": _("看了图片或文件"),
    "patient.unmask": _("看了完整的证件号或手机号"),
    "patient.export": _("导出了资料"),
    "break-glass.open": _("打开了病历"),
}
WHYS: Final[dict[str, Any]] = {
    "care": _("接诊"),
    "review": _("审方"),
    "dispense": _("发药"),
    "break-glass": _("急诊查阅"),
    "shared": _("您共享的"),
    "manage": _("管理"),
    "own": _("本人或家人"),
}
_BY_ROLE: Final[dict[str, str]] = {
    Role.DOCTOR: "care",
    Role.PHARMACIST: "review",
    Role.PATIENT: "own",
}


@dataclass(frozen=True)
class Read:
    """One read in plain words."""

    event: Event
    who: str
    post: str  # title and department, or the role
    what: str | Promise
    why: str
    glass: Glass | None
    is_family: bool

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def why_said(self) -> str | Promise:
        return WHYS.get(self.why, self.why)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Reads:
    rows: list[Read]
    next: int | None  # the `before` of the following page


def reads_of(patient: Patient, *, family: bool = False, before: int | None = None) -> Reads:
    """One page of who read it, newest first: the hospital's people, or the patient's own side."""
    events = audit.reads_of(patient.public_id, before=before).exclude(kind__in=_NO_READS)
    events = events.filter(outcome="done")
    events = events.filter(role="patient") if family else events.exclude(role="patient")
    found = list(events[: SIZE + 1])
    shown = found[:SIZE]
    return Reads(_said(shown), shown[-1].pk if len(found) > SIZE else None)


def read_of(patient: Patient, number: int) -> Read | None:
    """One of them, by its number in the trail."""
    events = audit.reads_of(patient.public_id).filter(pk=number, outcome="done")
    return next(iter(_said(list(events.exclude(kind__in=_NO_READS)[:1]))), None)


def _said(events: list[Event]) -> list[Read]:
    actors = {each.actor for each in events if each.actor}
    users = {each.public_id: each for each in User.objects.filter(public_id__in=actors)}
    staff = colleagues.directory().named(actors)
    glasses = glasses_named({each.facts["glass"] for each in events if "glass" in each.facts})
    return [
        Read(
            event=each,
            who=_name(users.get(each.actor) if each.actor else None, each),
            post=_post(staff.get(each.actor) if each.actor else None, each),
            what=WHATS.get(each.kind, each.kind),
            why=_why(each),
            glass=glasses.get(each.facts.get("glass", "")),
            is_family=each.role == Role.PATIENT,
        )
        for each in events
    ]


def _name(user: User | None, event: Event) -> str:
    if user is not None and user.name:
        return str(user.name)
    return str(_("系统")) if event.actor is None else str(_("工作人员"))


def _post(colleague: colleagues.Colleague | None, event: Event) -> str:
    if colleague is not None and event.role != Role.PATIENT:
        return f"{colleague.title} · {colleague.department}"
    return str(Role(event.role).label) if event.role in Role.values else ""


def _why(event: Event) -> str:
    """What the event says; of older ones, what their role reads for."""
    if event.kind.startswith("break-glass."):
        return "break-glass"
    told = event.facts.get("why")
    return str(told) if told else _BY_ROLE.get(event.role, "manage")
