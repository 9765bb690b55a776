"""E07: the prescription is complete and well formed before anybody asks whether it is wise."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.rules.facts import Proposal
from prescriptions.rules.terms import Kind

WRITING = "处方管理办法 第六条"


@rule(
    id="RX-DIAGNOSIS",
    register="E07",
    source=WRITING,
    says="处方须写明临床诊断。",
    says_en="A prescription states a clinical diagnosis.",
    todo="请填写至少一个诊断。",
)
def diagnosis_is_stated(p: Proposal) -> Iterator[Verdict]:
    if not p.visit.diagnoses:
        yield block(evidence={"diagnoses": 0})


@rule(
    id="RX-LINES",
    register="E07",
    source=WRITING,
    says="每张处方不得超过五种药品。",
    says_en="A prescription has at most five medicines.",
    todo="请拆成两张处方。",
)
def not_too_many_lines(p: Proposal) -> Iterator[Verdict]:
    counted = sum(line.kind is not Kind.HERBAL for line in p.lines)
    if counted > p.policy.max_lines:
        yield block(evidence={"lines": counted, "maximum": p.policy.max_lines})


@rule(
    id="RX-HERBAL-APART",
    register="E07",
    source=WRITING,
    says="中药饮片须单独开具处方。",
    says_en="Herbal pieces stand on a prescription of their own.",
    todo="请把中药饮片另开一张处方。",
)
def herbs_stand_apart(p: Proposal) -> Iterator[Verdict]:
    kinds = {line.kind for line in p.lines}
    if Kind.HERBAL in kinds and len(kinds) > 1:
        yield block(evidence={"kinds": sorted(kinds)})


@rule(
    id="RX-DOSE-MISSING",
    register="E07",
    source=WRITING,
    says="须写明每次剂量。",
    says_en="The single dose must be stated.",
    todo="请填写每次剂量和单位。",
)
def dose_is_stated(p: Proposal) -> Iterator[Verdict]:
    for item in p.items:
        if item.line.dose is None and not item.medicine.goes_without_dose:
            yield block(item.index, evidence={"drug": item.line.drug})


@rule(
    id="RX-ALLERGY-UNKNOWN",
    register="E07",
    source="医疗机构处方审核规范",
    says="须先问明过敏史。",
    says_en="Allergies must have been asked about.",
    todo="请向患者核实并登记过敏史，没有过敏也须登记。",
)
def allergies_were_asked(p: Proposal) -> Iterator[Verdict]:
    if not p.patient.allergies_known:
        yield block(evidence={"allergies_known": False})


RULES = (
    diagnosis_is_stated,
    not_too_many_lines,
    herbs_stand_apart,
    dose_is_stated,
    allergies_were_asked,
)
