"""E11: nothing that the patient is allergic to, and nothing that the allergy carries over to."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, info, reason, rule
from prescriptions.formulary import Medicine, formulary
from prescriptions.rules.facts import Proposal
from prescriptions.rules.people import Allergy
from prescriptions.rules.terms import Reaction

SUITABILITY = "处方管理办法 第三十五条；药品说明书"

# Beyond the table's word: a grave reaction to the first blocks the second too.
_GRAVE_CROSSINGS = {("PENICILLIN", "CEPHALOSPORIN")}
# Labels name these for anybody allergic to sulfonamide antibiotics, however mild it was.
_SULFONAMIDE_LABELS = frozenset({"M01AH01", "A07EC01", "S01EC04"})


def _crosses(allergy: Allergy, medicine: Medicine) -> Iterator[str]:
    """The table's and the register's word on each group that the allergy carries over to."""
    assert allergy.allergen is not None
    for code in sorted(allergy.allergen.groups):
        group = formulary().allergy_groups[code]
        if group.crosses_to in medicine.known.groups:
            grave = (code, group.crosses_to) in _GRAVE_CROSSINGS
            yield "block" if grave else group.cross_action


def _is_on_the_label(allergy: Allergy, medicine: Medicine) -> bool:
    assert allergy.allergen is not None
    is_named = not _SULFONAMIDE_LABELS.isdisjoint(medicine.known.codes)
    return is_named and "SULFONAMIDE_ABX" in allergy.allergen.groups


def _action(allergy: Allergy, medicine: Medicine) -> str:
    """block, reason or nothing."""
    if allergy.allergen is None:
        return ""
    if allergy.allergen.includes(medicine) or _is_on_the_label(allergy, medicine):
        return "block"
    crossings = set(_crosses(allergy, medicine))
    is_grave = allergy.reaction is not Reaction.MILD
    return "block" if is_grave and "block" in crossings else "reason" if crossings else ""


@rule(
    id="RX-ALLERGY",
    register="E11",
    source=SUITABILITY,
    says="患者对该药或同类药过敏；可能交叉过敏的，须写明理由并再次签名。",
    says_en="The patient is allergic to this medicine or its kin; a mere crossing needs a reason.",
    todo="请换用其他类别的药品；仅为可能交叉过敏的，可写明理由并再次签名。",
)
def no_allergen(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        for allergy in p.patient.allergies:
            if action := _action(allergy, item.medicine):
                seen = {"to": allergy.to, "reaction": allergy.reaction, "drug": item.line.drug}
                yield (block if action == "block" else reason)(item.index, evidence=seen)


@rule(
    id="RX-ALLERGY-UNMATCHED",
    register="E11",
    source=SUITABILITY,
    says="系统不认识这一过敏原，无法自动核对，请人工判断。",
    says_en="This allergen is not known here; a person must judge it.",
    todo="请医师和药师人工核对。",
)
def allergens_are_known(p: Proposal) -> Iterator[Verdict]:
    for allergy in p.patient.allergies:
        if allergy.allergen is None:
            yield info(evidence={"to": allergy.to})


RULES = (no_allergen, allergens_are_known)
