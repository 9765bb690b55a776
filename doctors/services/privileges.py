"""A privilege is asked for, decided about by another person, suspended, restored, ended."""

from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors import rules, selectors
from doctors.lifecycle import PRIVILEGE, PrivilegeState
from doctors.models import Clinician, Credential, Privilege
from doctors.news import tell_of_privilege
from doctors.permissions import may_decide_privilege, may_submit, may_suspend, may_withdraw
from hospital.accounts.models import User
from hospital.kernel.calendar import full_months, local_date
from hospital.kernel.normalise import prose, reason
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.kernel.rules import check, enforce

GROUND: Final = 200  # characters
_BATCH: Final = 500
_OF_ANTIMICROBIALS: Final = ("unrestricted", "restricted", "special")


@transaction.atomic
def ask_privilege(
    clinician: Clinician,
    kind: str,
    *,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    tier: str = "",
    ground: str = "",
) -> Privilege:
    """Ask for a privilege from one day through another. `ground` is what it rests on.

    One of a kind waits at a time, and it begins no earlier than today.
    """
    require(may_submit(by, clinician), _("只能为自己申请权限。"))
    if kind not in Privilege.Kind.values or (kind == "review") != (clinician.kind == "pharmacist"):
        raise Refused(_("没有这项权限。"), code="privilege-unknown")
    if (tier not in _OF_ANTIMICROBIALS) if kind == "antimicrobial" else tier:
        raise Refused(_("请选择抗菌药物的级别。"), code="privilege-tier")
    if not local_date(at) <= starts_on <= ends_on:
        raise Refused(_("请核对日期：从今天或以后开始，结束不早于开始。"), code="dates")
    privilege = _new(
        clinician=clinician,
        kind=kind,
        tier=tier,
        starts_on=starts_on,
        ends_on=ends_on,
        ground=prose(ground, limit=GROUND),
        asked_by=by,
        asked_at=at,
    )
    _record("ask", privilege, by=by, at=at)
    return privilege


def _new(**values: Any) -> Privilege:
    try:
        with transaction.atomic():
            return Privilege.objects.create(**values)
    except IntegrityError:
        raise WrongState(_("已有一份同样的申请在等待决定。"), code="already-asked") from None


@transaction.atomic
def grant_privilege(privilege: Privilege, *, by: User, at: datetime) -> Privilege:
    """Grant it, where the law allows it. An earlier one of its kind ends, unless it is suspended.

    Refused where its last day has passed meanwhile, or where a gap would open before its first.
    """
    today = local_date(at)
    holder = selectors.held_clinician(privilege.clinician)  # whose title stands meanwhile
    credential = selectors.credential_for_share(holder, today)
    privilege = selectors.locked_privilege(privilege)
    _require_another_person(by, privilege)
    PRIVILEGE.after(privilege.state, "grant")
    if privilege.ends_on < today:
        raise WrongState(_("申请的日期已经过去，请重新申请。"), code="privilege-lapsed")
    enforce(check(rules.GRANTING, _wish(privilege, credential, today)))
    for earlier in _live_ones(privilege.clinician, privilege.kind):
        if earlier.state == PrivilegeState.SUSPENDED:
            raise WrongState(_("原来的权限已暂停，请先恢复或结束它。"), code="privilege-suspended")
        if privilege.starts_on > today and earlier.is_in_force(today):
            raise WrongState(
                _("原来的权限还没有到期，新的请从今天起算，中间才不会断。"), code="privilege-gap"
            )
        _take_step("end", earlier, by=by, at=at, tells=False)
    return _take_step("grant", privilege, by=by, at=at)


def _live_ones(clinician: Clinician, kind: str) -> list[Privilege]:
    live = [PrivilegeState.GRANTED, PrivilegeState.SUSPENDED]
    rows = Privilege.objects.select_for_update(of=("self",)).select_related("clinician__user")
    return list(rows.filter(clinician=clinician, kind=kind, state__in=live).order_by("pk"))


def _wish(privilege: Privilege, credential: Credential | None, today: date) -> rules.Wish:
    return rules.Wish(
        kind=privilege.kind,
        tier=privilege.tier,
        title=privilege.clinician.title,
        licence_in_force=credential is not None,
        months=full_months(credential.independent_since, today) if credential else 0,
    )


@transaction.atomic
def refuse_privilege(privilege: Privilege, *, by: User, at: datetime, why: str) -> Privilege:
    privilege = selectors.locked_privilege(privilege)
    _require_another_person(by, privilege)
    return _take_step("refuse", privilege, by=by, at=at, why=reason(why))


@transaction.atomic
def withdraw_privilege(privilege: Privilege, *, by: User, at: datetime) -> Privilege:
    """Take back what was asked for: the holder, or who asked for them."""
    privilege = selectors.locked_privilege(privilege)
    hands = (privilege.asked_by_id, privilege.clinician.user_id)
    require(may_withdraw(by, hands), _("只有本人或申请人可以撤回。"))
    return _take_step("withdraw", privilege, by=by, at=at)


@transaction.atomic
def suspend_privilege(privilege: Privilege, *, by: User, at: datetime, why: str) -> Privilege:
    """Take effect at once. Waits for signatures being given this very moment."""
    privilege = selectors.locked_privilege(privilege)
    require(may_suspend(by), _("只有医务处可以暂停权限。"))
    return _take_step("suspend", privilege, by=by, at=at, why=reason(why))


@transaction.atomic
def restore_privilege(privilege: Privilege, *, by: User, at: datetime, why: str) -> Privilege:
    """Give it back for what is left of its time; another than who asked for it."""
    privilege = selectors.locked_privilege(privilege)
    _require_another_person(by, privilege)
    if privilege.ends_on < local_date(at):
        raise WrongState(_("这项权限已经过期，请结束它，再重新申请。"), code="privilege-lapsed")
    return _take_step("restore", privilege, by=by, at=at, why=reason(why))


@transaction.atomic
def end_privilege(privilege: Privilege, *, by: User, at: datetime, why: str) -> Privilege:
    """Take it away for good."""
    privilege = selectors.locked_privilege(privilege)
    require(may_suspend(by), _("只有医务处可以结束权限。"))
    return _take_step("end", privilege, by=by, at=at, why=reason(why))


def end_above_title(clinician: Clinician, *, by: User | None, at: datetime) -> None:
    """End what the title of `clinician`, who is held, does not reach any more: in `move_clinician`.

    Waits for signatures being given this very moment.
    """
    for live in _live_ones(clinician, "antimicrobial"):
        if not rules.reaches(clinician.title, live.tier):
            _take_step("end", live, by=by, at=at, why=rules.tier_fits_the_title.says)


def end_past_privileges(*, at: datetime) -> int:
    """End those whose last day has passed; they take no effect any more since that day."""
    past = Privilege.objects.filter(
        state__in=[PrivilegeState.GRANTED, PrivilegeState.SUSPENDED], ends_on__lt=local_date(at)
    )
    done = 0
    for pk in past.order_by("pk").values_list("pk", flat=True)[:_BATCH]:
        done += _end_if_past(pk, at=at)
    return done


@transaction.atomic
def _end_if_past(pk: int, *, at: datetime) -> bool:
    """Whether it was this call that ended it."""
    privilege = selectors.locked_privilege(Privilege.objects.get(pk=pk))
    if "end" not in PRIVILEGE.steps_from(privilege.state):
        return False
    _take_step("end", privilege, by=None, at=at)
    return True


def _require_another_person(by: User, privilege: Privilege) -> None:
    require(
        may_decide_privilege(by, privilege),
        _("权限由医务处的另一个人决定，不能是申请人或本人。"),
    )


def _take_step(
    step: str,
    privilege: Privilege,
    *,
    by: User | None,
    at: datetime,
    why: str = "",
    tells: bool = True,
) -> Privilege:
    """Move along the lifecycle, say so in the audit trail and to the holder, or do nothing.

    Where time or the platform ends it, who decided last stays named.
    """
    before = privilege.state
    privilege.state = PRIVILEGE.after(before, step)
    if by is not None:
        privilege.decided_at, privilege.decided_by = at, by
    if by is not None or why:
        privilege.why = why
    privilege.save(update_fields=["state", "decided_at", "decided_by", "why"])
    event = _record(step, privilege, by=by, at=at, before=before, after=privilege.state)
    if tells:
        tell_of_privilege(privilege, step, at=at, cause=event.pk)
    return privilege


def _record(
    step: str, privilege: Privilege, *, by: User | None, at: datetime, **states: Any
) -> Any:
    return audit.record(
        f"privilege.{step}",
        by=by,
        on=privilege,
        at=at,
        clinician=privilege.clinician.public_id.hex,
        kind_of_privilege=privilege.kind,
        tier=privilege.tier,
        ends_on=privilege.ends_on.isoformat(),
        **states,
    )
