"""E14: nobody takes the same thing twice: on this prescription, or beside what is left at home."""

from collections.abc import Callable, Iterator

from hospital.kernel.rules import Verdict, block, info, reason, rule
from prescriptions.formulary import Medicine
from prescriptions.rules.facts import Proposal

SUITABILITY = "处方管理办法 第三十五条"
REFILL_DAYS = 7  # what may be left at home when the next supply is written


def _duplicates(one: Medicine, other: Medicine) -> Callable[..., Verdict] | None:
    """The same ingredient or class blocks, the same fourth level needs a reason."""
    if one.is_same_as(other) or one.known.classes & other.known.classes:
        return block
    kin = {code[:5] for code in one.known.codes if len(code) >= 5}
    return reason if any(code[:5] in kin for code in other.known.codes) else None


@rule(
    id="RX-DUPLICATE",
    register="E14",
    source=SUITABILITY,
    says="处方中有重复用药；同一亚类的，须写明理由并再次签名。",
    says_en="The same treatment twice on one prescription; kin of one subclass need a reason.",
    todo="请删去其中一种。",
)
def no_duplicates(p: Proposal) -> Iterator[Verdict]:
    for one, other in p.pairs():
        if verdict := _duplicates(one.medicine, other.medicine):
            seen = {"drug": one.line.drug, "with": other.line.drug, "other_line": other.index}
            yield verdict(one.index, evidence=seen)


@rule(
    id="RX-DUPLICATE-CURRENT",
    register="E14",
    source=SUITABILITY,
    says="与患者正在服用的药品重复；同一亚类的，须写明理由并再次签名。",
    says_en="The patient already takes such a treatment; kin of one subclass need a reason.",
    todo="请确认是否换药；换药的，先停用原药。",
)
def no_duplicate_of_current(p: Proposal) -> Iterator[Verdict]:
    for item, current, medicine in p.against_current():
        is_refill = item.medicine.is_same_as(medicine)
        verdict = None if is_refill else _duplicates(item.medicine, medicine)
        if current.is_taken and verdict:
            yield verdict(item.index, evidence={"drug": item.line.drug, "with": current.drug})


@rule(
    id="RX-REFILL",
    register="E14",
    source=SUITABILITY,
    says="患者手中还有同样的药品；余量超过七日的，不能提前续方。",
    says_en="The patient still has this medicine; a refill comes when seven days or less are left.",
    todo="请等余量不足七日再续方。",
)
def refill_is_due(p: Proposal) -> Iterator[Verdict]:
    for item, current, medicine in p.against_current():
        if current.is_taken and item.medicine.is_same_as(medicine):
            verdict = block if (current.days_left or 0) > REFILL_DAYS else info
            seen = {"with": current.drug, "days_left": current.days_left}
            yield verdict(item.index, evidence=seen)


RULES = (no_duplicates, no_duplicate_of_current, refill_is_due)
