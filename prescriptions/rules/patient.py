"""E03: whom it is for: a patient of proven identity who has agreed to what now holds."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.rules.facts import Proposal


@rule(
    id="RX-IDENTITY",
    register="E03",
    source="互联网诊疗监管细则(试行) 患者实名制",
    says="患者须先完成实名认证。",
    says_en="The patient's real name must have been verified.",
    todo="请患者完成实名认证。",
)
def patient_has_a_real_name(p: Proposal) -> Iterator[Verdict]:
    if not p.patient.real_name:
        yield block(evidence={"real_name": False})


@rule(
    id="RX-CONSENT",
    register="E03",
    source="互联网医院管理办法(试行) 第十八条",
    says="患者须同意现行版本的知情同意书。",
    says_en="The patient must have agreed to the consent text now in force.",
    todo="请患者阅读并同意最新的知情同意书。",
)
def patient_has_consented(p: Proposal) -> Iterator[Verdict]:
    if not p.patient.consent_current:
        yield block(evidence={"consent_current": False})


RULES = (patient_has_a_real_name, patient_has_consented)
