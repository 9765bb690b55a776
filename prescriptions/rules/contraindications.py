"""E12: medicines that harm this patient: by age, sex, kidneys, liver, nursing, other diseases."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hospital.kernel.rules import Verdict, block, reason, rule
from prescriptions.formulary import Contraindication
from prescriptions.formulary.diagnoses import plain as plain_code
from prescriptions.rules.facts import Item, Proposal, plain
from prescriptions.rules.terms import Liver, Sex

SUITABILITY = "处方管理办法 第三十五条；药品说明书"
CHANGE_OR_EXPLAIN = "请换药；仅为慎用的，可写明理由并再次签名。"


def _verdict(item: Item, row: Contraindication, **seen: Any) -> Verdict:
    yields = block if row.action == "block" else reason
    return yields(item.index, evidence={"drug": item.line.drug, "note": row.note} | seen)


def _against(p: Proposal, kind: str) -> Iterator[tuple[Item, Contraindication]]:
    return ((item, row) for item in p.drugs for row in item.medicine.known.against(kind))


@rule(
    id="RX-AGE",
    register="E12",
    source=SUITABILITY,
    says="患者的年龄禁用或慎用该药。",
    says_en="At the patient's age this medicine is forbidden or needs care.",
    todo=CHANGE_OR_EXPLAIN,
)
def age_allows(p: Proposal) -> Iterator[Verdict]:
    for item, row in _against(p, "age_below"):
        if p.age_months < row.months:
            yield _verdict(item, row, age_months=p.age_months, below_months=row.months)
    for item, row in _against(p, "age_at_or_above"):
        if p.age >= row.limit:
            yield _verdict(item, row, age=p.age, from_age=plain(row.limit))


@rule(
    id="RX-SEX",
    register="E12",
    source=SUITABILITY,
    says="该药不用于该性别的患者。",
    says_en="This medicine is not for patients of this sex.",
    todo=CHANGE_OR_EXPLAIN,
)
def sex_allows(p: Proposal) -> Iterator[Verdict]:
    wrong = "sex_male_only" if p.patient.sex is Sex.FEMALE else "sex_female_only"
    for item, row in _against(p, wrong):
        yield _verdict(item, row, sex=p.patient.sex)


@rule(
    id="RX-LACTATION",
    register="E12",
    source=SUITABILITY,
    says="哺乳期禁用或慎用该药。",
    says_en="While nursing this medicine is forbidden or needs care.",
    todo=CHANGE_OR_EXPLAIN,
)
def lactation_allows(p: Proposal) -> Iterator[Verdict]:
    for item, row in _against(p, "lactation"):
        if p.patient.lactating:
            yield _verdict(item, row, lactating=True)


@rule(
    id="RX-RENAL",
    register="E12",
    source=SUITABILITY,
    says="患者的肾功能禁用或慎用该药。",
    says_en="With these kidneys the medicine is forbidden or needs care.",
    todo=CHANGE_OR_EXPLAIN,
)
def kidneys_allow(p: Proposal) -> Iterator[Verdict]:
    egfr = p.patient.egfr
    for item, row in _against(p, "egfr_below"):
        if egfr is not None and egfr < row.limit:
            yield _verdict(item, row, egfr=plain(egfr), below=plain(row.limit))


@rule(
    id="RX-HEPATIC",
    register="E12",
    source=SUITABILITY,
    says="肝功能受损者须慎用该药，严重受损者禁用。",
    says_en="An impaired liver calls for care with this medicine; a failing one forbids it.",
    todo=CHANGE_OR_EXPLAIN,
)
def liver_allows(p: Proposal) -> Iterator[Verdict]:
    yields: Mapping[Liver, Callable[..., Verdict]] = {Liver.IMPAIRED: reason, Liver.SEVERE: block}
    for item, row in _against(p, "hepatic_severe"):
        if verdict := yields.get(p.patient.liver):
            seen = {"drug": item.line.drug, "note": row.note, "liver": p.patient.liver}
            yield verdict(item.index, evidence=seen)


@rule(
    id="RX-CONTRAINDICATED",
    register="E12",
    source=SUITABILITY,
    says="患者的诊断禁用或慎用该药。",
    says_en="With one of the patient's diagnoses this medicine is forbidden or needs care.",
    todo=CHANGE_OR_EXPLAIN,
)
def diagnoses_allow(p: Proposal) -> Iterator[Verdict]:
    for item, row in _against(p, "diagnosis_prefix"):
        for diagnosis in p.visit.diagnoses:
            if plain_code(diagnosis).startswith(row.threshold):
                yield _verdict(item, row, diagnosis=diagnosis)


@rule(
    id="RX-RENAL-UNKNOWN",
    register="E17",
    source=SUITABILITY,
    says="该药须按肾功能使用，但没有肾小球滤过率。",
    says_en="This medicine depends on the kidneys, and their filtration rate is not known.",
    todo="请补录肾功能结果；无法取得的，写明理由并再次签名。",
)
def kidneys_are_known(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        if p.patient.egfr is None and item.medicine.known.against("egfr_below"):
            yield reason(item.index, evidence={"drug": item.line.drug, "egfr": None})


RULES = (
    age_allows,
    sex_allows,
    lactation_allows,
    kidneys_allow,
    liver_allows,
    diagnoses_allow,
    kidneys_are_known,
)
