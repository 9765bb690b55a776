"""May this visit begin online? Asked before an order is taken and again before it is accepted."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from hospital.consultations.rules.facts import Evidence, Visit, from_plain, is_of_department
from hospital.kernel.rules import Finding, Severity, Verdict, block, check, info, rule, worst

ENGINE = "visit-4"
OWN_CONSENT: Final = 14  # years; below, a guardian consents


@rule(
    id="VISIT-FOLLOW-UP",
    register="E01",
    source="互联网诊疗管理办法(试行) 第十六条",
    says="线上复诊只能继续看实体医院已经确诊的病。",
    says_en="Online follow-up is only for a disease that a physical hospital has diagnosed.",
    todo="请先到线下门诊就诊；也可以选“健康咨询”，咨询不开药。",
)
def follow_up_only(visit: Visit) -> Iterator[Verdict]:
    if not visit.is_followup:
        return
    if not visit.evidence:
        yield _not_a_follow_up(
            "没有查到您在本院的就诊记录。首次就诊请先到线下门诊。",
            "We found no visit of yours at this hospital. A first visit must be in person.",
            why="no-evidence",
        )
        return
    if not visit.diagnoses:
        yield block(
            says="请选择这次要复诊的诊断。",
            says_en="Choose the diagnosis to follow up.",
            todo="在查到的线下诊断里勾选至少一项。",
            evidence={"why": "none-chosen"},
        )
    for code in visit.diagnoses:
        yield from _without_evidence(visit, code)


def _without_evidence(visit: Visit, code: str) -> Iterator[Verdict]:
    same = visit.proofs_of(code)
    if not same:
        yield _not_a_follow_up(
            "这个诊断没有线下就诊记录，属于首次就诊，请先到线下门诊。",
            "We hold no record of this diagnosis: a first visit must be in person.",
            why="other-diagnosis",
            diagnosis=code,
        )
        return
    window = visit.terms.followup_window_days
    recent = [each for each in same if each.days_ago <= window]
    if not recent:
        newest = min(each.days_ago for each in same)
        yield _not_a_follow_up(
            f"上次因此就诊是 {newest} 天前，超过了 {window} 天，请先到线下门诊复查。",
            f"The last visit for it was {newest} days ago, over {window}. Please come in person.",
            why="too-long-ago",
            diagnosis=code,
            days_ago=newest,
            window_days=window,
        )
    elif not _in_the_department(visit, recent):
        yield block(
            says="医院规定复诊要找原来的科室。",
            says_en="The hospital asks you to follow up with the same department.",
            todo="请换原科室的医生。",
            evidence={"diagnosis": code, "departments": sorted({e.department for e in recent})},
        )
    elif not any(each.is_of(code) for each in recent):
        yield info(
            says=f"医生确认过，{code} 和{recent[0].name or recent[0].diagnosis}是同一种病。",
            says_en=f"A doctor confirmed that {code} and {recent[0].diagnosis} are one disease.",
            evidence={"why": "same-disease", "diagnosis": code, "proven": recent[0].diagnosis},
        )


def _in_the_department(visit: Visit, evidence: Sequence[Evidence]) -> bool:
    if not visit.terms.followup_same_department:
        return True
    doctor = visit.doctor
    here = {"name": doctor.department, "code": doctor.department_code}
    return any(is_of_department(each, **here) for each in evidence)


def _not_a_follow_up(says: str, says_en: str, **seen: Any) -> Verdict:
    return block(says=says, says_en=says_en, evidence=seen, terminate=True)


@rule(
    id="VISIT-AGE",
    register="E04",
    source="互联网诊疗管理办法(试行) 第十九条；本院线上服务年龄规定",
    says="本院线上暂不接诊这个年龄的孩子，请到线下儿科就诊。",
    says_en="Children of this age are not seen online here. Please come to paediatrics.",
    todo="请到线下儿科门诊；急症请直接去急诊。",
)
def old_enough(visit: Visit) -> Iterator[Verdict]:
    least = visit.terms.minimum_age_online
    if visit.patient_age < least:
        yield block(evidence={"age": visit.patient_age, "minimum_age": least})


@rule(
    id="VISIT-YOUNG-CHILD",
    register="E04",
    source="互联网诊疗管理办法(试行) 第十九条",
    says="为六岁以下儿童看诊，须有监护人和相关专业医师陪伴。",
    says_en="A child under six needs a guardian and a doctor of the specialty at hand.",
    todo="请由已核验的监护人下单，看诊时陪在孩子身边，并选儿科或原来看过的专科医生。",
)
def young_child_accompanied(visit: Visit) -> Iterator[Verdict]:
    if not visit.is_young_child:
        return
    missing = [
        name
        for name, there in (
            ("guardian-verified", visit.guardian_verified),
            ("guardian-present", visit.guardian_present),
            ("specialist", visit.specialist),
        )
        if not there
    ]
    if missing:
        yield block(evidence={"age": visit.patient_age, "missing": missing})


@rule(
    id="VISIT-REAL-NAME",
    register="E03",
    source="互联网诊疗监管细则(试行) 第十七条",
    says="线上就诊须实名，就诊人还没有通过实名核对。",
    says_en="Online care needs a verified real name.",
    todo="请到“就诊人”里完成实名。",
)
def under_a_real_name(visit: Visit) -> Iterator[Verdict]:
    if not visit.real_name:
        yield block()


@rule(
    id="VISIT-CONSENT",
    register="E03",
    source="互联网医院管理办法(试行) 第十八条",
    says="就诊前要阅读并同意互联网诊疗知情同意书。",
    says_en="Please read and agree to the consent for online care first.",
    todo="请阅读最新一版知情同意书并确认。",
)
def consented(visit: Visit) -> Iterator[Verdict]:
    if not visit.consent_current:
        yield block()


@rule(
    id="VISIT-GUARDIAN-CONSENT",
    register="PI-06",
    source="个人信息保护法 第三十一条",
    says="不满 14 周岁的孩子，要由监护人同意后才能在线就诊。",
    says_en="For a child under fourteen a guardian must consent first.",
    todo="请监护人登录自己的账号，在“知情同意”里看过并同意监护人同意书。",
)
def guardian_consented(visit: Visit) -> Iterator[Verdict]:
    if visit.patient_age < OWN_CONSENT and not visit.guardian_consent:
        yield block()


@rule(
    id="VISIT-ALLERGIES",
    register="E07",
    source="医疗机构处方审核规范 第十四条",
    says="还没有填写过敏史，医生开药前需要知道。",
    says_en="Allergies have not been answered; the doctor needs to know before prescribing.",
    todo="请在健康档案里填写，没有过敏也请选“没有”。",
)
def allergies_answered(visit: Visit) -> Iterator[Verdict]:
    if not visit.allergies_answered:
        yield block() if visit.is_followup else info()


@rule(
    id="VISIT-DOCTOR",
    register="E02",
    source="互联网诊疗管理办法(试行) 第十四条",
    says="这位医生的执业资质暂时不能线上接诊。",
    says_en="This doctor's licence does not allow online visits at present.",
    todo="请换一位医生。",
)
def doctor_may_practise(visit: Visit) -> Iterator[Verdict]:
    doctor, least = visit.doctor, visit.terms.min_practice_years * 12
    if not doctor.credential_in_force:
        yield block(evidence={"why": "credential"})
    elif doctor.practice_months < least:
        yield block(evidence={"why": "practice", "months": doctor.practice_months})


_AWAY: Final = {
    "leave": ("这位医生正在休假。", "This doctor is on leave."),
    "hours": ("现在不是这位医生的接诊时段。", "This is outside the doctor's hours."),
    "waiting": (
        "在这位医生这里等候的患者已经满了，请过一会儿再来。",
        "As many patients wait as this doctor takes. Please come back a little later.",
    ),
}


@rule(
    id="VISIT-RECEIVING",
    register="R-27",
    source="本院线上服务设置",
    says="这位医生现在不接这类问诊。",
    says_en="This doctor is not taking such visits now.",
    todo="请换一位医生，或过一会儿再来。",
)
def doctor_is_receiving(visit: Visit) -> Iterator[Verdict]:
    doctor = visit.doctor
    if doctor.offers and doctor.away in _AWAY:
        says, says_en = _AWAY[doctor.away]
        back, back_en = _back(doctor.back_at)
        yield block(
            says=says + back,
            says_en=says_en + back_en,
            evidence={"why": doctor.away, "back_at": doctor.back_at},
        )
    elif not doctor.offers or not doctor.is_receiving:
        yield block(evidence={"why": "switched-off"})
    elif doctor.places_left <= 0:
        yield block(
            says="今天约满了，明天 0:00 放号。",
            says_en="Fully booked today; new places open at midnight.",
            evidence={"why": "full"},
        )


def _back(at: str) -> tuple[str, str]:
    """When they receive again, in both languages; empty where nobody knows."""
    if not at:
        return "", ""
    then = datetime.fromisoformat(at)
    weekday = "一二三四五六日"[then.weekday()]
    says = f"{then.month}月{then.day}日（周{weekday}）{then:%H:%M} 恢复接诊。"
    return says, f" Back on {then:%Y-%m-%d} at {then:%H:%M}, Beijing time."


@rule(
    id="VISIT-PRESCRIBING",
    register="R-27",
    source="本院线上服务设置",
    says="这位医生现在不在线开处方；需要配药请换一位医生。",
    says_en="This doctor does not prescribe online now; for medicines choose another doctor.",
)
def doctor_prescribes(visit: Visit) -> Iterator[Verdict]:
    if visit.is_followup and not visit.doctor.prescribes:
        yield info()


@rule(
    id="VISIT-PHARMACIST",
    register="R-35",
    source="互联网医院基本标准(试行)",
    says="现在没有药师值班，如果需要开药，要等药师上班后审核。",
    says_en="No pharmacist is on duty now; a prescription would wait for review.",
)
def pharmacist_on_duty(visit: Visit) -> Iterator[Verdict]:
    """The hospital chooses whether to warn or to close; who has paid is not turned away."""
    if not visit.is_followup or visit.pharmacist_on_duty:
        return
    if visit.terms.no_pharmacist == "close" and visit.step == "order":
        yield block(
            says="现在没有药师值班，暂时不能下复诊单。",
            says_en="No pharmacist is on duty now, so follow-ups cannot be ordered.",
            todo="请等药师上班后再来；只是咨询、不需要开药，可以选“健康咨询”。",
            evidence={"why": "closed"},
        )
    else:
        yield info()


BEFORE_ACCEPTING = (
    follow_up_only,
    doctor_may_practise,
    under_a_real_name,
    consented,
    guardian_consented,
    old_enough,
    young_child_accompanied,
    allergies_answered,
    pharmacist_on_duty,
)
BEFORE_ORDERING = (*BEFORE_ACCEPTING, doctor_is_receiving, doctor_prescribes)


def judge(visit: Visit) -> tuple[str, tuple[Finding, ...]]:
    """The outcome (`pass` or `block`) and everything found."""
    found = check(BEFORE_ORDERING if visit.step == "order" else BEFORE_ACCEPTING, visit)
    return ("block" if worst(found) is Severity.BLOCK else "pass"), found


def replay(facts: Mapping[str, Any], policy: object) -> tuple[str, list[dict[str, Any]]]:
    """The same judgement from a stored decision's facts, under any version of the policy."""
    outcome, found = judge(from_plain(facts, policy))
    return outcome, [finding.as_dict() for finding in found]
