"""E08: for how many days: seven, four weeks with a reason, twelve weeks when long-term."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, reason, rule
from prescriptions.rules.facts import Item, Proposal

MAX_EXTENSION_DAYS = 3


def _is_chronic(item: Item, p: Proposal) -> bool:
    return item.medicine.is_chronic_use and p.has_chronic_disease


@rule(
    id="RX-SUPPLY",
    register="E08",
    source="处方管理办法 第十九条",
    says="处方一般不得超过七日用量；慢性病等特殊情况可适当延长，但医师须注明理由。",
    says_en="Seven days at most; longer for chronic disease when the doctor states why.",
    todo="请减少天数，或写明延长的理由；非慢性病还须再次签名。",
)
def supply_is_general(p: Proposal) -> Iterator[Verdict]:
    for item in p.items:
        days, chronic = item.line.days, _is_chronic(item, p)
        if p.policy.general_supply_days < days <= p.policy.long_term_supply_days:
            if not p.has_reason:
                yield block(item.index, evidence={"days": days, "chronic": chronic})
            elif not chronic:
                yield reason(item.index, evidence={"days": days, "chronic": False})


@rule(
    id="RX-LONG-TERM",
    register="E08",
    source="长期处方管理规范(试行)",
    says="超过四周的长期处方只用于慢性病：须写明理由、完成评估并由患者确认，最长十二周。",
    says_en="Over four weeks: chronic disease, a reason, an evaluation, the patient's word.",
    todo="请完成长期处方评估、患者确认并写明理由，或减少天数。",
)
def long_term_is_prepared(p: Proposal) -> Iterator[Verdict]:
    prepared = p.has_reason and p.long_term_evaluation and p.patient_confirmed_long_term
    for item in p.items:
        days, chronic = item.line.days, _is_chronic(item, p)
        too_long = days > p.policy.extended_supply_days
        if days > p.policy.long_term_supply_days and (too_long or not (chronic and prepared)):
            seen = {"days": days, "chronic": chronic, "maximum": p.policy.extended_supply_days}
            yield block(item.index, evidence=seen)


@rule(
    id="RX-ANTIMICROBIAL-SUPPLY",
    register="E08",
    source="长期处方管理规范(试行)；处方管理办法 第十九条",
    says="全身用抗菌药物不得开具长期处方，不得超过七日用量。",
    says_en="Systemic antimicrobials are never long-term: seven days at most.",
    todo="请减少到七日以内。",
)
def antimicrobials_are_short(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        days, most = item.line.days, p.policy.general_supply_days
        if item.medicine.is_systemic_antimicrobial and days > most:
            yield block(item.index, evidence={"days": days, "maximum": most})


@rule(
    id="RX-REFRIGERATED",
    register="E08",
    source="长期处方管理规范(试行)",
    says="须冷藏等特殊贮存的药品不得超过四周用量。",
    says_en="Medicines that must be kept cold are given for four weeks at most.",
    todo="请减少到四周以内。",
)
def cold_medicines_are_short(p: Proposal) -> Iterator[Verdict]:
    for item in p.drugs:
        days, most = item.line.days, p.policy.long_term_supply_days
        if item.medicine.is_refrigerated and days > most:
            yield block(item.index, evidence={"days": days, "maximum": most})


@rule(
    id="RX-VALIDITY",
    register="E08",
    source="处方管理办法 第十八条",
    says="处方当日有效；医师可注明延长，最长三天。",
    says_en="A prescription is valid for its day; a doctor may extend it to three days at most.",
    todo="请把有效期延长改为三天以内。",
)
def validity_is_short(p: Proposal) -> Iterator[Verdict]:
    if p.extension_days > MAX_EXTENSION_DAYS:
        yield block(evidence={"days": p.extension_days, "maximum": MAX_EXTENSION_DAYS})


RULES = (
    supply_is_general,
    long_term_is_prepared,
    antimicrobials_are_short,
    cold_medicines_are_short,
    validity_is_short,
)
