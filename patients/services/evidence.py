"""外院病历: handed in, looked at by somebody else, good until its day or until it was an error."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.files import services as files
from hospital.files.models import File
from hospital.kernel.calendar import local_date
from hospital.kernel.normalise import diagnosis, prose, reason
from hospital.kernel.refusals import Refused, TooMany, WrongState, require
from hospital.policy.selectors import current
from patients import catalogue, colleagues, selectors
from patients.lifecycle import EVIDENCE, EvidenceState
from patients.models import Evidence, EvidencePage, Patient
from patients.permissions import may_act_for, may_review
from patients.services import telling

KIND: Final = "evidence"  # of its files
MOST_PAGES: Final = 6
MOST_WAITING: Final = 3  # of one patient at once
MOST_A_DAY: Final = 6  # of one patient
_MOST_AT_ONCE: Final = 500


def submit_evidence(
    patient: Patient,
    *,
    kind: str,
    department: str,
    uploads: Sequence[Any],
    by: User,
    at: datetime,
    note: str = "",
) -> Evidence:
    """Hand in a paper: `uploads` are Django's `UploadedFile`, pictures or PDFs, in their order.

    Not atomic: files are made safe before any row is locked. Refuses a stranger, an unknown
    department, too many that wait or of one day, and files too large alone or together.
    """
    told = _read(kind, department, note)
    if not 1 <= len(uploads) <= MOST_PAGES:
        raise Refused(
            _("请上传 1 到 %(most)s 张照片或 PDF。") % {"most": MOST_PAGES}, code="pages-count"
        )
    _require_room(patient, by, at)
    with files.stowed(uploads, kind=KIND, by=by, at=at, about=patient.public_id) as pages:
        return _hand_in(patient, told, pages, by=by, at=at)


def _read(kind: str, department: str, note: str) -> dict[str, str]:
    if kind not in Evidence.Kind.values:
        raise Refused(_("请选择是哪一种病历。"), code="evidence-kind")
    if department not in dict(colleagues.directory().departments()):
        raise Refused(_("请选择想在哪个科室复诊。"), code="department-unknown")
    return {"kind": kind, "department": department, "note": prose(note, limit=300)}


def _require_room(patient: Patient, by: User, at: datetime) -> None:
    require(may_act_for(by, patient), _("只有本人、家人和代办的人可以上传。"))
    if patient.papers.filter(state=EvidenceState.SUBMITTED).count() >= MOST_WAITING:
        raise WrongState(_("已经有 %(most)s 份在等审核，请等审核后再传。") % {"most": MOST_WAITING},
                         code="evidence-many")  # fmt: skip
    if selectors.papers_since_midnight(patient, at) >= MOST_A_DAY:
        raise TooMany(_("今天上传的病历太多了，请明天再传。"), code="evidence-a-day")


@transaction.atomic
def _hand_in(
    patient: Patient, told: dict[str, str], pages: Sequence[File], *, by: User, at: datetime
) -> Evidence:
    patient = selectors.locked(patient)
    _require_room(patient, by, at)
    files.enter(pages, by=by, at=at)
    paper = Evidence.objects.create(patient=patient, by=by, at=at, **told)
    EvidencePage.objects.bulk_create(EvidencePage(evidence=paper, file=page) for page in pages)
    audit.record(
        "evidence.submit",
        by=by,
        on=paper,
        about=patient.public_id,
        at=at,
        department=paper.department,
        pages=len(pages),
    )
    return paper


@transaction.atomic
def withdraw_evidence(paper: Evidence, *, by: User, at: datetime) -> Evidence:
    """Take back what nobody has judged yet."""
    paper = selectors.locked_paper(paper)
    require(may_act_for(by, paper.patient), _("只有本人、家人和代办的人可以撤回。"))
    _take_step("withdraw", paper, by=by, at=at, ended_at=at)
    return paper


@transaction.atomic
def confirm_evidence(
    paper: Evidence, *, code: str, institution: str, visited_on: date, by: User, at: datetime
) -> Evidence:
    """What the paper proves, as the reviewer read it: a disease of the catalogue, when, where."""
    paper = selectors.locked_paper(paper)
    require(may_review(by, paper), _("自己和家人的病历由别人审核；只审核本科室的。"))
    disease, name = _disease(code)
    until = local_date(at) + timedelta(days=current().values.evidence_valid_days)
    event = _take_step(
        "confirm",
        paper,
        by=by,
        at=at,
        reviewer=by,
        reviewed_at=at,
        diagnosis=disease,
        diagnosis_name=name,
        issued_by=_institution(institution),
        visited_on=_day_of_visit(visited_on, paper, on=local_date(at)),
        expires_on=until,
    )
    telling.of_a_paper("confirm", paper, cause=event, at=at)
    return paper


@transaction.atomic
def refuse_evidence(paper: Evidence, *, why: str, by: User, at: datetime) -> Evidence:
    """Not accepted; `why` is what the patient reads, so that they know what to do."""
    paper = selectors.locked_paper(paper)
    require(may_review(by, paper), _("自己和家人的病历由别人审核；只审核本科室的。"))
    event = _take_step(
        "refuse", paper, by=by, at=at, reviewer=by, reviewed_at=at, why=reason(why, limit=300)
    )
    telling.of_a_paper("refuse", paper, cause=event, at=at)
    return paper


@transaction.atomic
def revoke_evidence(paper: Evidence, *, why: str, by: User, at: datetime) -> Evidence:
    """It was confirmed in error: it counts no longer, from this moment."""
    paper = selectors.locked_paper(paper)
    require(may_review(by, paper), _("自己和家人的病历由别人审核；只审核本科室的。"))
    event = _take_step(
        "revoke", paper, by=by, at=at, revoker=by, ended_at=at, why=reason(why, limit=300)
    )
    telling.of_a_paper("revoke", paper, cause=event, at=at)
    return paper


def sweep_evidence(*, at: datetime) -> int:
    """Write down that papers past their day are over; they have not counted since that day."""
    late = selectors.papers_to_expire(local_date(at))[:_MOST_AT_ONCE]
    return sum(_expire(paper.pk, at=at) for paper in late)


@transaction.atomic
def _expire(pk: int, *, at: datetime) -> bool:
    rows = Evidence.objects.select_for_update(of=("self",), skip_locked=True)
    paper = rows.select_related("patient").filter(pk=pk, state=EvidenceState.CONFIRMED).first()
    if paper is None:
        return False
    event = _take_step("expire", paper, by=None, at=at, ended_at=at)
    telling.of_a_paper("expire", paper, cause=event, at=at)
    return True


def _disease(text: str) -> tuple[str, str]:
    """Code and name, as the catalogue has them."""
    code = diagnosis(text)
    name = catalogue.current().diagnoses().get(code)
    if name is None:
        raise Refused(_("诊断编码不在本院线上复诊的目录里，请核对。"), code="diagnosis-unknown")
    return code, name


def _institution(text: str) -> str:
    name = prose(text, limit=80)
    if not name:
        raise Refused(_("请写明是哪家医院。"), code="institution-missing")
    return name


def _day_of_visit(day: date, paper: Evidence, *, on: date) -> date:
    if not paper.patient.birth_date <= day <= on:
        raise Refused(_("就诊日期不对：不能早于出生，也不能晚于今天。"), code="visit-day")
    return day


def _take_step(step: str, paper: Evidence, *, by: User | None, at: datetime, **changed: Any) -> int:
    """Move along the lifecycle with what the step adds, and say so in the trail; the event's id."""
    before = paper.state
    paper.state = EVIDENCE.after(before, step)
    for name, value in changed.items():
        setattr(paper, name, value)
    paper.save(update_fields=["state", *changed])
    return audit.record(
        f"evidence.{step}",
        by=by,
        on=paper,
        about=paper.patient.public_id,
        at=at,
        before=before,
        after=paper.state,
        department=paper.department,
    ).pk
