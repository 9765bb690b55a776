"""Licences that were handed in, beside the one in force."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal.inbox.frame import Decided, Document, Fact, Kind, Line, Words, register
from admin_portal.inbox.telling import steps_of
from doctors import selectors
from doctors.lifecycle import State
from doctors.models import Credential, Training
from hospital.accounts.models import User
from hospital.kernel.calendar import local_date

_MOST: Final = 10  # lines of history
_OPEN: Final = {  # told as they stand
    "institution": gettext_lazy("执业机构"),
    "scope": gettext_lazy("执业范围"),
    "independent_since": gettext_lazy("独立临床工作起"),
    "valid_until": gettext_lazy("有效期至"),
    "subject_code": gettext_lazy("诊疗科目"),
    "filing_no": gettext_lazy("多机构执业备案"),
    "filing_until": gettext_lazy("备案结束"),
    "consented_on": gettext_lazy("执业注册机构同意日期"),
    "insurer": gettext_lazy("责任保险公司"),
    "insured_until": gettext_lazy("保险结束"),
}
_SEALED: Final = {  # told masked; whether they differ is judged by the whole
    "qualification_no": (gettext_lazy("资格证书编码"), "masked_qualification"),
    "practice_no": (gettext_lazy("执业证书编码"), "masked_practice"),
}


def _theirs(user: User) -> QuerySet[Credential]:
    """Never one's own, and never what one handed in oneself."""
    hands = Q(submitted_by=user) | Q(clinician__user=user)
    rows = selectors.credentials_visible_to(user).exclude(hands)
    return rows.select_related("clinician__department", "clinician__user", "decided_by")


def _rows(user: User, _at: datetime) -> QuerySet[Credential]:
    return _theirs(user).filter(state=State.SUBMITTED)


def _title(row: Credential) -> Words:
    who = row.clinician
    return f"{who.name} · {who.department.name} · {who.get_title_display()}"


def _in_force(row: Credential) -> Credential | None:
    standing = row.clinician.credentials.filter(state__in=[State.APPROVED, State.SUSPENDED])
    return standing.exclude(pk=row.pk).first()


def _facts(row: Credential) -> list[Fact]:
    now, holder = _in_force(row), row.clinician.masked_id_number
    sealed = [
        Fact(
            label,
            getattr(row, masked),
            getattr(now, masked) if now else None,
            moved=now is not None and getattr(row, name) != getattr(now, name),
        )
        for name, (label, masked) in _SEALED.items()
    ]
    plain = [
        Fact(label, getattr(row, name), getattr(now, name) if now else None)
        for name, label in _OPEN.items()
    ]
    return [Fact(_("身份证号"), holder, holder if now else None), *sealed, *plain]


def _papers(row: Credential) -> list[Document]:
    papers = row.papers.select_related("file")
    return [Document(paper.get_kind_display(), paper.file) for paper in papers]


def _history(row: Credential) -> list[Line]:
    """What was handed in before and what became of it; how the person was trained and assessed."""
    earlier = row.clinician.credentials.exclude(pk=row.pk).order_by("-submitted_at", "-pk")
    lines = [
        Line(
            local_date(each.submitted_at),
            _("%(institution)s，有效期至 %(until)s")
            % {"institution": each.institution, "until": f"{each.valid_until:%F}"},
            each.face,
        )
        for each in earlier[:_MOST]
    ]
    lines += [
        Line(each.on, _trained(each), each.face)
        for each in row.clinician.trainings.order_by("-on", "-pk")[:_MOST]
    ]
    return sorted(lines, key=lambda line: line.on, reverse=True)


def _trained(training: Training) -> str:
    said = f"{training.get_kind_display()}：{training.topic}"
    if training.score is None:
        return said
    return said + _("，%(score)s 分") % {"score": training.score}


def _notes(row: Credential, at: datetime) -> Iterator[Words]:
    if row.ends_on < local_date(at):
        yield _("有效期已过，不能通过。请写明理由退回，由本人提交新的证书。")


def _decided(row: Credential) -> Decided:
    return Decided(row.face, row.decided_by.name if row.decided_by else "", row.decided_at)


register(
    Kind(
        name="credential",
        label=gettext_lazy("资质审核"),
        access="admin.credentials",
        asked_at="submitted_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=_facts,
        papers=_papers,
        history=_history,
        notes=_notes,
        decided=_decided,
        steps=steps_of(Credential, "approve", "refuse"),
    )
)
