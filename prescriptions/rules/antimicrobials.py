"""E06: an antimicrobial is written only by a doctor whose right reaches its tier."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.rules.facts import Proposal
from prescriptions.rules.terms import Right


@rule(
    id="RX-ANTIMICROBIAL",
    register="E06",
    source="抗菌药物临床应用管理办法 第二十四条",
    says="医师的抗菌药物处方权低于该药的分级。",
    says_en="The doctor's right to prescribe antimicrobials does not reach this tier.",
    todo="请换用权限以内的药品，或由有相应权限的医师开具。",
)
def right_reaches_the_tier(p: Proposal) -> Iterator[Verdict]:
    right = p.doctor.right
    for item in p.drugs:
        tier = Right(item.medicine.antimicrobial_tier)
        if tier.height > right.height:
            yield block(item.index, evidence={"drug": item.line.drug, "tier": tier, "right": right})


@rule(
    id="RX-ANTIMICROBIAL-SPECIAL",
    register="E06",
    source="抗菌药物临床应用管理办法 第二十七条",
    says="特殊使用级抗菌药物不得在门诊使用，线上一律不得开具。",
    says_en="Antimicrobials of the special tier are not for outpatients, so never online.",
    todo="请引导患者到线下就诊。",
)
def special_tier_never_online(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        if item.medicine.antimicrobial_tier == Right.SPECIAL:
            yield block(item.index, evidence={"drug": item.line.drug, "tier": Right.SPECIAL})


RULES = (right_reaches_the_tier, special_tier_never_online)
