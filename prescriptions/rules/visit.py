"""E01: only a follow-up goes on online: of a known disease, open, with papers that prove it."""

from collections.abc import Iterator

from hospital.consultations.rules.facts import NOT_GATHERED, is_of_department
from hospital.kernel.rules import Verdict, block, rule
from prescriptions.formulary import formulary
from prescriptions.formulary.diagnoses import category
from prescriptions.rules.facts import Proposal
from prescriptions.rules.people import Doctor, Evidence, Visit
from prescriptions.rules.terms import VisitKind, VisitState

FIRST_VISIT = "互联网诊疗管理办法(试行) 第十六条"


def _proofs_of(diagnosis: str, p: Proposal) -> list[Evidence]:
    """The recent evidence of this very disease, and of what a doctor confirmed to be the same one:
    one step, no further."""
    this = category(diagnosis)
    pairs = [{category(each.first), category(each.second)} for each in p.visit.same_diseases]
    same = {this}.union(*(pair for pair in pairs if this in pair))
    window = p.policy.followup_window_days
    recent = [each for each in p.visit.evidence if each.days_ago <= window]
    return [each for each in recent if category(each.diagnosis) in same]


def _is_of(doctor: Doctor, proof: Evidence) -> bool:
    here = is_of_department(proof, name=doctor.specialty, code=doctor.department_code)
    return here or proof.department == NOT_GATHERED


def _goes_on(visit: Visit) -> bool:
    return visit.kind is VisitKind.FOLLOWUP and visit.state is VisitState.OPEN


@rule(
    id="VISIT-ADVICE",
    register="E01",
    source=FIRST_VISIT,
    says="健康咨询不作诊断，也不能开方。",
    says_en="An advice visit gives no diagnosis and no prescription.",
    todo="请患者按复诊重新预约。",
)
def advice_never_prescribes(p: Proposal) -> Iterator[Verdict]:
    if p.visit.kind is VisitKind.ADVICE:
        yield block(evidence={"kind": p.visit.kind})


@rule(
    id="VISIT-STATE",
    register="E01",
    source=FIRST_VISIT,
    says="本次问诊已结束或已转线下，不能再开方。",
    says_en="The visit is over or was guided offline; nothing can be prescribed in it.",
    todo="请患者重新申请复诊，或到线下门诊就诊。",
)
def visit_is_open(p: Proposal) -> Iterator[Verdict]:
    if p.visit.state is not VisitState.OPEN:
        yield block(evidence={"state": p.visit.state})


@rule(
    id="VISIT-FOLLOW-UP",
    register="E01",
    source=FIRST_VISIT,
    says="线上只能复诊：每个诊断都须有实体医疗机构在规定期限内的同一诊断的病历资料。首诊请到线下。",
    says_en="Online is for follow-up: each diagnosis needs a recent record of a physical hospital.",
    todo="请患者补充病历资料；没有的，终止本次问诊并引导到线下门诊。",
)
def every_diagnosis_has_evidence(p: Proposal) -> Iterator[Verdict]:
    window = p.policy.followup_window_days
    unproven = sorted(d for d in p.visit.diagnoses if not _proofs_of(d, p))
    if _goes_on(p.visit) and (unproven or not p.visit.evidence):
        youngest = min((e.days_ago for e in p.visit.evidence), default=None)
        seen = {"diagnoses": unproven, "window_days": window, "youngest_days_ago": youngest}
        yield block(evidence=seen, terminate=True)


@rule(
    id="VISIT-DEPARTMENT",
    register="E01",
    source="本院线上诊疗政策 followup_same_department",
    says="医院规定复诊要找原来的科室，这个诊断是其他科室确诊的。",
    says_en="The hospital asks for follow-up in the department that made the diagnosis.",
    todo="请去掉这个诊断，请患者找原科室的医生复诊。",
)
def every_diagnosis_is_of_the_department(p: Proposal) -> Iterator[Verdict]:
    if not (p.policy.followup_same_department and _goes_on(p.visit)):
        return
    proofs = {diagnosis: _proofs_of(diagnosis, p) for diagnosis in p.visit.diagnoses}
    elsewhere = {
        diagnosis: found
        for diagnosis, found in proofs.items()
        if found and not any(_is_of(p.doctor, each) for each in found)
    }
    if elsewhere:
        there = {each.department or each.read_by for found in elsewhere.values() for each in found}
        yield block(evidence={"diagnoses": sorted(elsewhere), "departments": sorted(there)})


@rule(
    id="VISIT-DISEASE",
    register="E01",
    source="互联网诊疗管理办法(试行) 第二条、第十六条",
    says="线上复诊只限部分常见病、慢性病，该诊断不在本院目录中。",
    says_en="Only some common and chronic diseases are followed up online; this one is not listed.",
    todo="请核对诊断编码；确属目录以外的，请引导患者到线下门诊。",
)
def disease_is_listed(p: Proposal) -> Iterator[Verdict]:
    unknown = sorted(d for d in p.visit.diagnoses if not formulary().diagnoses.knows(d))
    if unknown:
        yield block(evidence={"diagnoses": unknown})


@rule(
    id="VISIT-AGE",
    register="E01",
    source="本院线上诊疗政策 minimum_age_online",
    says="患者未满本院线上诊疗的最低年龄。",
    says_en="The patient is younger than this hospital serves online.",
    todo="请引导监护人带患儿到线下门诊。",
)
def old_enough_for_online(p: Proposal) -> Iterator[Verdict]:
    if p.age < p.policy.minimum_age_online:
        yield block(evidence={"age": p.age, "minimum": p.policy.minimum_age_online})


RULES = (
    advice_never_prescribes,
    visit_is_open,
    every_diagnosis_has_evidence,
    every_diagnosis_is_of_the_department,
    disease_is_listed,
    old_enough_for_online,
)
