"""E13: medicines that harm each other: on this prescription, and with what is taken already."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, info, reason, rule
from prescriptions.formulary import Interaction, Medicine, formulary
from prescriptions.rules.facts import Item, Proposal
from prescriptions.rules.people import CurrentMedicine

SUITABILITY = "处方管理办法 第三十五条；药品说明书"
_YIELDS = {"contraindicated": block, "major": reason, "moderate": info}
# After stopping, a medicine still counts for so many days: MAO inhibitors, fluoxetine,
# ACE inhibitors and sacubitril.
_WASH_OUT_DAYS = {
    "N06AF": 14,
    "N06AG": 14,
    "N04BD": 14,
    "N06AB03": 35,
    "C09A": 2,
    "C09DX04": 2,
}


def _verdict(item: Item, other: str, row: Interaction) -> Verdict:
    """Says what happens between the two, in the table's words."""
    says = f"{item.line.drug}与{other}：{row.mechanism}。"
    seen = {"with": other, "severity": row.severity, "advice": row.advice}
    return _YIELDS[row.severity](item.index, says=says, todo=row.advice, evidence=seen)


def _is_washed_out(current: CurrentMedicine, medicine: Medicine) -> bool:
    needed = max(_WASH_OUT_DAYS.get(prefix, 0) for prefix in medicine.known.meant_by)
    return current.days_since_stopped >= needed


def _counts(row: Interaction, current: CurrentMedicine, medicine: Medicine) -> bool:
    """Once stopped, only what is contraindicated counts, until it is washed out."""
    if current.is_taken:
        return True
    return row.severity == "contraindicated" and not _is_washed_out(current, medicine)


@rule(
    id="RX-INTERACTION",
    register="E13",
    source=SUITABILITY,
    says="药品之间有相互作用。",
    says_en="Two medicines act upon each other; see the evidence.",
    todo="请换药；可以权衡的，写明理由并再次签名。",
)
def lines_get_along(p: Proposal) -> Iterator[Verdict]:
    for one, other in p.pairs():
        for row in formulary().interactions_of(one.medicine, other.medicine):
            yield _verdict(one, other.line.drug, row)


@rule(
    id="RX-INTERACTION-CURRENT",
    register="E13",
    source=SUITABILITY,
    says="处方药品与患者正在服用（或刚停用）的药品有相互作用。",
    says_en="A medicine acts upon one that the patient takes or has just stopped.",
    todo="请换药；可以权衡的，写明理由并再次签名。",
)
def lines_suit_current(p: Proposal) -> Iterator[Verdict]:
    for item, current, medicine in p.against_current():
        for row in formulary().interactions_of(item.medicine, medicine):
            if _counts(row, current, medicine):
                yield _verdict(item, current.drug, row)


@rule(
    id="RX-MEDICINE-UNKNOWN",
    register="E13",
    source=SUITABILITY,
    says="系统不认识患者正在服用的这种药品，无法自动核对。",
    says_en="A medicine that the patient takes is not known here and could not be checked.",
    todo="请医师和药师人工核对相互作用。",
)
def current_medicines_are_known(p: Proposal) -> Iterator[Verdict]:
    for current in p.patient.current_medicines:
        if current.medicine is None:
            yield info(evidence={"drug": current.drug})


RULES = (lines_get_along, lines_suit_current, current_medicines_are_known)
