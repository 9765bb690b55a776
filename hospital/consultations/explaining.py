"""Why somebody may be seen online, or may not yet: rule by rule, as the patient reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.consultations import rules
from hospital.consultations.rules import Evidence, Visit, visit
from hospital.kernel.rules import Finding, Severity

FINE: Final[Mapping[str, Promise]] = {  # what is so where a rule finds nothing
    visit.follow_up_only.id: _("有实体医院的确诊记录，在复诊期限以内"),
    visit.old_enough.id: _("年龄符合线上就诊的规定"),
    visit.young_child_accompanied.id: _("孩子有监护人和专科医生陪伴，或不是低龄儿童"),
    visit.under_a_real_name.id: _("已通过实名核对"),
    visit.consented.id: _("已同意知情同意书"),
    visit.guardian_consented.id: _("监护人已同意，或不需要监护人同意"),
    visit.allergies_answered.id: _("已填写过敏史"),
    visit.doctor_may_practise.id: _("医生的执业资质有效"),
    visit.doctor_is_receiving.id: _("医生正在接诊，今天还有号"),
    visit.doctor_prescribes.id: _("医生可以在线开处方"),
    visit.pharmacist_on_duty.id: _("有药师值班审核处方"),
}


@dataclass(frozen=True)
class Found:
    proof: Evidence
    is_recent: bool  # within the window of follow-up


@dataclass(frozen=True)
class Line:
    """One rule: what is fine, or what it found."""

    fine: str | Promise
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Explained:
    may: bool
    disease: str  # with which it may be, or comes nearest
    lines: Sequence[Line]
    found: Sequence[Found]
    window_days: int

    @property
    def lacks_proof(self) -> bool:
        """A paper of another hospital could help."""
        return any(f.rule == visit.follow_up_only.id for line in self.lines for f in line.findings)


def explained(asked: Visit) -> Explained:
    """With the disease that passes, the newest of them; where none does, with the newest one."""
    tries = [replace(asked, diagnoses=(each,)) for each in _diseases(asked)] or [asked]
    judged = [(each, *rules.judge(each)) for each in tries]
    best = next((each for each in judged if each[1] == "pass"), judged[0])
    window = asked.terms.followup_window_days
    return Explained(
        may=best[1] == "pass",
        disease=_named(best[0]),
        lines=_lines(best[2]),
        found=[Found(each, each.days_ago <= window) for each in asked.evidence],
        window_days=window,
    )


def _diseases(asked: Visit) -> list[str]:
    return list(dict.fromkeys(each.diagnosis for each in asked.evidence))


def _named(tried: Visit) -> str:
    names = [each.name for each in tried.evidence if each.diagnosis in tried.diagnoses]
    return next(iter(names), "")


def _lines(findings: Sequence[Finding]) -> list[Line]:
    """Every rule of the order, those that block first."""
    by_rule = {name: [f for f in findings if f.rule == name] for name in FINE}
    lines = [Line(fine, by_rule[name]) for name, fine in FINE.items()]
    blocks = {id(line) for line in lines if any(_blocks(f) for f in line.findings)}
    return sorted(lines, key=lambda line: id(line) not in blocks)


def _blocks(finding: Finding) -> bool:
    return finding.severity is Severity.BLOCK
