"""E12, E17: medicines that harm an unborn child, and what to do while nobody knows."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, info, reason, rule
from prescriptions.rules.facts import Proposal
from prescriptions.rules.terms import Pregnancy, Sex

SUITABILITY = "处方管理办法 第三十五条；药品说明书"
_FERTILE = range(12, 56)
# isotretinoin, acitretin, valproate, methotrexate, leflunomide, warfarin
_TERATOGENS = frozenset({"D10BA01", "D05BB02", "N03AG01", "L04AX03", "L04AK01", "B01AA03"})


@rule(
    id="RX-PREGNANCY",
    register="E12",
    source=SUITABILITY,
    says="妊娠期禁用或慎用该药。",
    says_en="In pregnancy this medicine is forbidden or needs care.",
    todo="请换药；仅为慎用的，可写明理由并再次签名。",
)
def pregnancy_allows(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        risk = item.medicine.pregnancy_risk
        if p.patient.pregnancy is Pregnancy.YES and risk:
            verdict = block if risk == "block" else reason
            yield verdict(item.index, evidence={"drug": item.line.drug, "pregnancy": "yes"})


@rule(
    id="RX-PREGNANCY-UNKNOWN",
    register="E17",
    source=SUITABILITY,
    says="育龄女性未确认是否妊娠：致畸药品不得开具，其他有妊娠风险的药品请先问明。",
    says_en="Whether a woman of 12 to 55 is pregnant must be known before teratogens are given.",
    todo="请先确认患者是否妊娠。",
)
def pregnancy_is_known(p: Proposal) -> Iterator[Verdict]:
    who = p.patient
    if who.pregnancy is Pregnancy.UNKNOWN and who.sex is Sex.FEMALE and p.age in _FERTILE:
        for item in p.drugs:
            if item.medicine.pregnancy_risk:
                verdict = block if item.medicine.atc in _TERATOGENS else info
                yield verdict(item.index, evidence={"drug": item.line.drug, "age": p.age})


RULES = (pregnancy_allows, pregnancy_is_known)
