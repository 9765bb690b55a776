"""E16: what this hospital does not send online, and what may not be sold on the net."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.formulary import Medicine
from prescriptions.rules.facts import Proposal
from prescriptions.rules.terms import Kind

_RESTRICTED_CLASSES = ("doping_peptide", "compound_restricted")


def _why_excluded(medicine: Medicine, kind: Kind) -> str:
    """The first ground on which the conservative profile leaves a medicine out, if any."""
    grounds = {
        "herbal": kind is Kind.HERBAL,
        "cold_chain": medicine.is_refrigerated,
        "systemic_antimicrobial": medicine.is_systemic_antimicrobial,
        "intravenous": medicine.route == "intravenous",
        "restricted_class": medicine.control_class.startswith(_RESTRICTED_CLASSES),
    }
    return next((ground for ground, holds in grounds.items() if holds), "")


@rule(
    id="RX-EXCLUDED",
    register="E16",
    source="互联网医院管理办法(试行) 第二十条；本院线上诊疗政策 exclusion_profile",
    says="本院线上不开具此类药品（冷链、全身用抗菌药、静脉用药、中药饮片、兴奋剂及含麻制剂）。",
    says_en="This hospital does not prescribe such medicines online.",
    todo="请引导患者到线下门诊取药。",
)
def not_excluded_here(p: Proposal) -> Iterator[Verdict]:
    for item in p.items:
        ground = _why_excluded(item.medicine, item.line.kind)
        if p.policy.excludes_risky_medicines and ground:
            yield block(item.index, evidence={"drug": item.line.drug, "ground": ground})


@rule(
    id="RX-EXCLUDED-CHILD",
    register="E16",
    source="互联网诊疗管理办法(试行) 第十九条；本院线上诊疗政策 exclusion_profile",
    says="本院线上不为六岁以下儿童开方。",
    says_en="This hospital does not prescribe online for children under six.",
    todo="请引导监护人带患儿到线下门诊。",
)
def young_children_not_here(p: Proposal) -> Iterator[Verdict]:
    if p.policy.excludes_risky_medicines and p.age < p.policy.young_child_age:
        yield block(evidence={"age": p.age})


@rule(
    id="RX-RETAIL-BAN",
    register="E16",
    source="药品网络销售禁止清单(第一版) 国家药监局公告2022年第111号",
    says="该药在药品网络销售禁止清单中，不能以这种方式取药。",
    says_en="This medicine may not be sold on the net, so it cannot be had in this way.",
    todo="请患者改为到院取药。",
)
def may_be_sold_online(p: Proposal) -> Iterator[Verdict]:
    for item in p.items:
        if item.medicine.is_retail_banned and p.policy.bans_retail(p.fulfilment):
            yield block(item.index, evidence={"drug": item.line.drug, "fulfilment": p.fulfilment})


RULES = (not_excluded_here, young_children_not_here, may_be_sold_online)
