"""E04, E12, E17: children: who must be with them, from what age, and how heavy they are."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, reason, rule
from prescriptions.rules.facts import Proposal

CHILD_AGE = 14  # the age of paediatrics; below it doses follow the weight


@rule(
    id="RX-YOUNG-CHILD",
    register="E04",
    source="互联网诊疗管理办法(试行) 第十九条",
    says="为六岁以下儿童开方，须确认监护人和相关专业医师陪伴。",
    says_en="A child under six needs a guardian and a doctor of the specialty at hand.",
    todo="请核验监护人身份，并确认监护人和相关专业医师在患儿身边；做不到的，请引导到线下。",
)
def young_child_is_accompanied(p: Proposal) -> Iterator[Verdict]:
    child = p.patient
    guarded = child.guardian_verified and child.guardian_present
    if p.age < p.policy.young_child_age and not (guarded and child.specialist_with_child):
        yield block(evidence={"age": p.age})


@rule(
    id="RX-MINIMUM-AGE",
    register="E12",
    source="处方管理办法 第三十五条；药品说明书",
    says="患者低于该药说明书的最低用药年龄。",
    says_en="The patient is younger than the label of this medicine allows for.",
    todo="请换药，或写明理由并再次签名。",
)
def old_enough_for_the_drug(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        minimum = item.medicine.minimum_age_months
        if minimum is not None and p.age_months < minimum:
            seen = {"drug": item.line.drug, "age_months": p.age_months, "minimum_months": minimum}
            yield reason(item.index, evidence=seen)


@rule(
    id="RX-CHILD-WEIGHT",
    register="E17",
    source="处方管理办法 第六条",
    says="十四岁以下儿童须记录体重，以便核对剂量。",
    says_en="A child under fourteen needs a recorded weight, so that doses can be checked.",
    todo="请补录体重；无法取得的，写明理由并再次签名。",
)
def child_has_a_weight(p: Proposal) -> Iterator[Verdict]:
    if p.age < CHILD_AGE and p.patient.weight_kg is None:
        yield reason(evidence={"age": p.age})


RULES = (young_child_is_accompanied, old_enough_for_the_drug, child_has_a_weight)
