"""E02: who signs: a person, licensed, experienced, just verified, allowed to prescribe."""

from collections.abc import Iterator

from hospital.kernel.rules import Verdict, block, rule
from prescriptions.rules.facts import Proposal, plain
from prescriptions.rules.people import in_months


@rule(
    id="RX-DOCTOR-HUMAN",
    register="E02",
    source="互联网诊疗监管细则(试行) 第二十一条",
    says="处方须由接诊医师本人开具，严禁人工智能等自动生成处方。",
    says_en="The receiving doctor prescribes in person; software never does.",
    todo="请接诊医师本人书写处方。",
)
def a_person_prescribes(p: Proposal) -> Iterator[Verdict]:
    if not p.doctor.is_human:
        yield block(evidence={"is_human": False})


@rule(
    id="RX-DOCTOR-LICENCE",
    register="E02",
    source="互联网诊疗管理办法(试行) 第十四条",
    says="医师的执业证书无效或不在有效期内，不能开方。",
    says_en="The doctor's licence to practise is not valid.",
    todo="请联系医务处更新执业信息。",
)
def licence_is_valid(p: Proposal) -> Iterator[Verdict]:
    if not p.doctor.licence_valid:
        yield block(evidence={"licence_valid": False})


@rule(
    id="RX-DOCTOR-EXPERIENCE",
    register="E02",
    source="互联网诊疗管理办法(试行) 第十四条",
    says="医师须有三年以上独立临床工作经验。",
    says_en="The doctor needs at least three years of independent clinical work.",
    todo="请由满足年限的医师接诊。",
)
def doctor_is_experienced(p: Proposal) -> Iterator[Verdict]:
    years = p.doctor.independent_practice_years
    if in_months(years) < in_months(p.policy.min_practice_years):
        yield block(evidence={"years": plain(years), "min": plain(p.policy.min_practice_years)})


@rule(
    id="RX-DOCTOR-IDENTITY",
    register="E02",
    source="互联网诊疗监管细则(试行) 第十三条",
    says="医师须在接诊前完成身份核验，且核验仍在有效时间内。",
    says_en="The doctor's identity must have been verified just before this visit.",
    todo="请重新完成身份核验。",
)
def doctor_was_just_verified(p: Proposal) -> Iterator[Verdict]:
    minutes, valid = p.doctor.identity_verified_minutes_ago, p.policy.identity_valid_minutes
    if minutes is None or minutes > valid:
        seen = None if minutes is None else plain(minutes)
        yield block(evidence={"minutes_ago": seen, "valid_minutes": valid})


@rule(
    id="RX-DOCTOR-PRIVILEGE",
    register="E02",
    source="处方管理办法 第八条",
    says="医师没有本院的处方权。",
    says_en="The doctor has no right to prescribe in this hospital.",
    todo="请联系医务处授予处方权，或由有处方权的医师开具。",
)
def doctor_may_prescribe(p: Proposal) -> Iterator[Verdict]:
    if not p.doctor.may_prescribe:
        yield block(evidence={"may_prescribe": False})


RULES = (
    a_person_prescribes,
    licence_is_valid,
    doctor_is_experienced,
    doctor_was_just_verified,
    doctor_may_prescribe,
)
