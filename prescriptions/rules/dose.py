"""E09, E10: not too much, not in a unit nobody can compare, and methotrexate once a week."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, info, reason, rule
from prescriptions.formulary.measures import in_base
from prescriptions.rules.amounts import amounts, fits, unit_of
from prescriptions.rules.children import CHILD_AGE
from prescriptions.rules.facts import Proposal, plain

METHOTREXATE = "L04AX03"


@rule(
    id="RX-DOSE",
    register="E09",
    source="处方管理办法 第六条；药品管理法 第七十三条",
    says="超过说明书的最大剂量，须注明理由并再次签名；超过两倍的不得开具。",
    says_en="Above the maximum needs a reason and a second signature; never above twice it.",
    todo="请减量，或写明超剂量的理由并再次签名。",
)
def dose_within_maximum(p: Proposal) -> Iterator[Verdict]:
    for amount in amounts(p):
        limit, total = amount.limit, amount.total
        if limit is not None and total > limit:
            verdict = block if total > 2 * limit else reason
            lines = [item.index for item in amount.items]
            seen = {"total": plain(total), "maximum": plain(limit), "unit": amount.unit}
            yield verdict(lines[0], evidence=seen | {"lines": lines})


@rule(
    id="RX-DOSE-UNIT",
    register="E09",
    source="处方管理办法 第六条",
    says="剂量单位与该药的单位不一致，无法核对剂量。",
    says_en="The unit of the dose cannot be compared with the medicine's own.",
    todo="请改用该药的剂量单位。",
)
def unit_can_be_compared(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        if item.line.dose is not None and not fits(item):
            seen = {"unit": unit_of(item), "expected": item.medicine.dose_unit}
            yield block(item.index, evidence=seen)


@rule(
    id="RX-DOSE-LOW",
    register="E09",
    source="处方管理办法 第三十五条；药品说明书",
    says="单次剂量不到成人常用量的一半，请确认。",
    says_en="The single dose is less than half of what adults usually take.",
    todo="请确认剂量和单位无误。",
)
def dose_not_far_below_usual(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        dose, usual = item.line.dose, item.medicine.usual_dose
        if dose and usual and p.age >= CHILD_AGE and fits(item):
            given = in_base(dose, unit_of(item))
            if given * 2 < in_base(usual, item.medicine.dose_unit):
                yield info(item.index, evidence={"dose": plain(given), "usual": plain(usual)})


@rule(
    id="RX-METHOTREXATE",
    register="E10",
    source="处方管理办法 第三十五条；药品说明书",
    says="甲氨蝶呤用于非肿瘤疾病每周只服一次，每日服用可致死。",
    says_en="Methotrexate is taken once a week; taken daily it kills.",
    todo="请把频次改为每周一次（qw），并向患者讲清服药日。",
)
def methotrexate_once_a_week(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        if item.medicine.atc == METHOTREXATE and item.line.frequency != "qw":
            yield block(item.index, evidence={"frequency": item.line.frequency})


RULES = (
    dose_within_maximum,
    unit_can_be_compared,
    dose_not_far_below_usual,
    methotrexate_once_a_week,
)
