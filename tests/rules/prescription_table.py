"""Each rule of prescribing as a row: what is lawful, what breaks it, the nearest that does not.

A row is written as decision cases: the breach and its neighbour are patches over the default
case, which is lawful.
"""

from typing import Any, NamedTuple

Case = dict[str, Any]


class Row(NamedTuple):
    rule: str
    breach: Case
    neighbour: Case


def line(
    drug: str = "苯磺酸氨氯地平片", dose: float | None = 5, days: int = 7, **more: Any
) -> Case:
    return {"drug": drug, "dose": dose, "days": days} | more


def lines(*each: Case, **more: Any) -> Case:
    return {"prescription": {"lines": list(each)} | more}


def about(diagnosis: str, days_ago: int = 40) -> Case:
    evidence = [{"diagnosis": diagnosis, "days_ago": days_ago}]
    return {"visit": {"diagnoses": [diagnosis], "evidence": evidence}}


def proof(department: str, diagnosis: str = "I10", read_by: str = "") -> Case:
    return {"department": department, "diagnosis": diagnosis, "read_by": read_by}


def proven(*proofs: Case, diagnoses: tuple[str, ...] = ("I10",), is_asked: bool = True) -> Case:
    """To a doctor of 心血管内科, 03.04; another said that I10 and I25.1 are one disease."""
    same = [{"first": "I10", "second": "I25.1"}]
    return {
        "visit": {"diagnoses": [*diagnoses], "evidence": [*proofs], "same_diseases": same},
        "doctor": {"specialty": "心血管内科", "department_code": "03.04"},
        "policy": {"followup_same_department": is_asked},
    }


def joined(*pair: str) -> Case:
    """Prescribed for I25.1, proven for I10, with a doctor's word that two codes are one."""
    same = [{"first": pair[0], "second": pair[1]}] if pair else []
    evidence = [{"diagnosis": "I10", "days_ago": 40}]
    return {"visit": {"diagnoses": ["I25.1"], "evidence": evidence, "same_diseases": same}}


def who(**facts: Any) -> Case:
    return {"patient": facts}


def takes(*medicines: Case) -> Case:
    return who(current_medicines=list(medicines))


def allergic(to: str, reaction: str = "severe") -> Case:
    return who(allergies=[{"to": to, "reaction": reaction}])


def woman(**facts: Any) -> Case:
    return who(sex="female", birth_date="1990-05-01", **facts)


def cream(**more: Any) -> Case:
    return line("丁酸氢化可的松乳膏", None, frequency="bid", **more)


REASON = {"reason": "病情稳定，往返不便"}
LONG = REASON | {"long_term_evaluation": True, "patient_confirmed_long_term": True}
FIVE_YEARS, SIX_YEARS = "2019-03-11", "2019-03-10"  # on 10 March 2025
GUARDED = {"guardian_verified": True, "guardian_present": True, "specialist_with_child": True}
AMOXICILLIN = line("阿莫西林胶囊", 500, frequency="tid")
SERTRALINE, METHOTREXATE = line("盐酸舍曲林片", 50), line("甲氨蝶呤片", 10, frequency="qw")
INSULIN = line("甘精胰岛素注射液", None, frequency="qn")
DABIGATRAN = line("达比加群酯胶囊", 110, frequency="bid")
DEXTROMETHORPHAN = line("氢溴酸右美沙芬片", 15, frequency="tid")
FIVE = [
    line(),
    line("厄贝沙坦片", 150),
    line("阿卡波糖片", 50, frequency="tid"),
    line("甲钴胺片", 0.5, frequency="tid"),
    line("非诺贝特胶囊", 200),
]
CONSERVATIVE = {"policy": {"exclusion_profile": "beijing_conservative"}}

CASES = (
    Row("VISIT-ADVICE", {"visit": {"kind": "advice"}}, {"visit": {"kind": "followup"}}),
    Row("VISIT-STATE", {"visit": {"state": "terminated"}}, {"visit": {"state": "open"}}),
    Row("VISIT-FOLLOW-UP", about("I10", 181), about("I10", 180)),
    Row(
        "VISIT-DEPARTMENT",
        proven(proof("内分泌科")),
        proven(proof("内分泌科"), proof("心血管内科")),
    ),
    Row("VISIT-DISEASE", about("S72.0"), about("I10.x00")),
    Row(
        "VISIT-AGE",
        who(birth_date="2007-03-11") | {"policy": {"minimum_age_online": 18}},
        who(birth_date="2007-03-10") | {"policy": {"minimum_age_online": 18}},
    ),
    Row("RX-DOCTOR-HUMAN", {"doctor": {"is_human": False}}, {"doctor": {"is_human": True}}),
    Row(
        "RX-DOCTOR-LICENCE",
        {"doctor": {"licence_valid": False}},
        {"doctor": {"licence_valid": True}},
    ),
    Row(
        "RX-DOCTOR-EXPERIENCE",
        {"doctor": {"independent_practice_years": 2.9}},
        {"doctor": {"independent_practice_years": 3.0}},
    ),
    Row(
        "RX-DOCTOR-IDENTITY",
        {"doctor": {"identity_verified_minutes_ago": 30.5}},
        {"doctor": {"identity_verified_minutes_ago": 30}},
    ),
    Row(
        "RX-DOCTOR-PRIVILEGE",
        {"doctor": {"may_prescribe": False}},
        {"doctor": {"may_prescribe": True}},
    ),
    Row("RX-IDENTITY", who(real_name=False), who(real_name=True)),
    Row("RX-CONSENT", who(consent_current=False), who(consent_current=True)),
    Row(
        "RX-YOUNG-CHILD",
        who(birth_date=FIVE_YEARS, **GUARDED | {"guardian_present": False}),
        who(birth_date=FIVE_YEARS, **GUARDED),
    ),
    Row("RX-MINIMUM-AGE", who(birth_date=FIVE_YEARS), who(birth_date=SIX_YEARS)),
    Row(
        "RX-CHILD-WEIGHT",
        who(birth_date="2011-03-11"),
        who(birth_date="2011-03-10"),
    ),
    Row(
        "RX-CONTROLLED",
        lines(DEXTROMETHORPHAN) | {"at": "2024-07-01T00:00:00+08:00"},
        lines(DEXTROMETHORPHAN) | {"at": "2024-06-30T23:59:59+08:00"},
    ),
    Row(
        "RX-ANTIMICROBIAL",
        lines(line("头孢克肟胶囊", 100, frequency="bid")) | {"doctor": {"title": "resident"}},
        lines(line("头孢克肟胶囊", 100, frequency="bid")) | {"doctor": {"title": "attending"}},
    ),
    Row(
        "RX-ANTIMICROBIAL-SPECIAL",
        lines(line("利奈唑胺片", 600, frequency="bid")) | {"doctor": {"title": "chief"}},
        lines(line("头孢克肟胶囊", 100, frequency="bid")) | {"doctor": {"title": "chief"}},
    ),
    Row("RX-DIAGNOSIS", {"visit": {"diagnoses": []}}, {"visit": {"diagnoses": ["I10"]}}),
    Row("RX-LINES", lines(*FIVE, line("螺内酯片", 20)), lines(*FIVE)),
    Row(
        "RX-HERBAL-APART",
        lines(line(), line("黄芪", 15, kind="herbal")),
        lines(line(), line("六味地黄丸(浓缩丸)", 8, kind="patent", frequency="tid")),
    ),
    Row("RX-DOSE-MISSING", lines(line(dose=None)), lines(cream())),
    Row("RX-ALLERGY-UNKNOWN", who(allergies_known=False), who(allergies_known=True)),
    Row("RX-SUPPLY", lines(line(days=8)), lines(line(days=8), **REASON)),
    Row(
        "RX-LONG-TERM",
        lines(line(days=29), **LONG | {"patient_confirmed_long_term": False}),
        lines(line(days=84), **LONG),
    ),
    Row(
        "RX-ANTIMICROBIAL-SUPPLY",
        lines(AMOXICILLIN | {"days": 8}, **LONG),
        lines(line("莫匹罗星软膏", None, 8, frequency="tid"), **LONG),
    ),
    Row(
        "RX-REFRIGERATED",
        lines(INSULIN | {"days": 29}, **LONG) | about("E11.9"),
        lines(INSULIN | {"days": 28}, **LONG) | about("E11.9"),
    ),
    Row("RX-VALIDITY", lines(line(), extension_days=4), lines(line(), extension_days=3)),
    Row("RX-DOSE", lines(line(dose=10.5)), lines(line(dose=10))),
    Row("RX-DOSE-UNIT", lines(line(dose_unit="片")), lines(line(dose=0.005, dose_unit="g"))),
    Row("RX-DOSE-LOW", lines(line(dose=2.4)), lines(line(dose=2.5))),
    Row("RX-METHOTREXATE", lines(METHOTREXATE | {"frequency": "qd"}), lines(METHOTREXATE)),
    Row(
        "RX-ALLERGY",
        lines(AMOXICILLIN) | allergic("青霉素", "mild"),
        lines(AMOXICILLIN) | allergic("磺胺", "anaphylaxis"),
    ),
    Row("RX-ALLERGY-UNMATCHED", allergic("花粉"), allergic("碘")),
    Row(
        "RX-AGE",
        lines(line("左氧氟沙星片", 500)) | who(birth_date="2007-03-11"),
        lines(line("左氧氟沙星片", 500)) | who(birth_date="2007-03-10"),
    ),
    Row(
        "RX-SEX",
        lines(line("非那雄胺片(5mg)", 5)) | woman(),
        lines(line("非那雄胺片(5mg)", 5)) | who(sex="male"),
    ),
    Row(
        "RX-LACTATION",
        lines(line("布洛芬缓释胶囊", 300, frequency="bid")) | woman(lactating=True),
        lines(line("布洛芬缓释胶囊", 300, frequency="bid")) | woman(lactating=False),
    ),
    Row("RX-RENAL", lines(DABIGATRAN) | who(egfr=29.9), lines(DABIGATRAN) | who(egfr=30)),
    Row(
        "RX-HEPATIC",
        lines(line("阿托伐他汀钙片", 20, frequency="qn")) | who(liver="impaired"),
        lines(line("依折麦布片", 10)) | who(liver="severe"),
    ),
    Row(
        "RX-CONTRAINDICATED",
        lines(line("盐酸普萘洛尔片", 10, frequency="tid")) | about("J45.900"),
        lines(line("盐酸普萘洛尔片", 10, frequency="tid")) | about("J44.9"),
    ),
    Row("RX-RENAL-UNKNOWN", lines(DABIGATRAN) | who(egfr=None), who(egfr=None)),
    Row(
        "RX-PREGNANCY",
        woman(pregnancy="yes"),
        lines(line("叶酸片(0.4mg)", 0.4)) | woman(pregnancy="yes"),
    ),
    Row(
        "RX-PREGNANCY-UNKNOWN",
        lines(METHOTREXATE) | who(sex="female", birth_date="1969-03-11", pregnancy="unknown"),
        lines(METHOTREXATE) | who(sex="female", birth_date="1969-03-10", pregnancy="unknown"),
    ),
    Row(
        "RX-INTERACTION",
        lines(line("阿托伐他汀钙片", 20), line("克拉霉素片", 250, frequency="bid")),
        lines(line("普伐他汀钠片", 20), line("克拉霉素片", 250, frequency="bid")),
    ),
    Row(
        "RX-INTERACTION-CURRENT",
        lines(SERTRALINE) | takes({"drug": "N06AF04", "days_left": -13}),
        lines(SERTRALINE) | takes({"drug": "N06AF04", "days_left": -14}),
    ),
    Row("RX-MEDICINE-UNKNOWN", takes({"drug": "祖传秘方"}), takes({"drug": "叶酸片(0.4mg)"})),
    Row("RX-DUPLICATE", lines(line(), line("非洛地平缓释片")), lines(line())),
    Row(
        "RX-DUPLICATE-CURRENT",
        takes({"drug": "非洛地平缓释片", "days_left": 0}),
        takes({"drug": "非洛地平缓释片", "days_left": -1}),
    ),
    Row(
        "RX-REFILL",
        takes({"drug": "苯磺酸氨氯地平片", "days_left": 8}),
        takes({"drug": "苯磺酸氨氯地平片", "days_left": -1}),
    ),
    Row("RX-EXCLUDED", lines(INSULIN) | CONSERVATIVE, lines(line()) | CONSERVATIVE),
    Row(
        "RX-EXCLUDED-CHILD",
        who(birth_date=FIVE_YEARS, **GUARDED) | CONSERVATIVE,
        who(birth_date=SIX_YEARS, **GUARDED) | CONSERVATIVE,
    ),
    Row(
        "RX-RETAIL-BAN",
        lines(DABIGATRAN) | {"fulfilment": "third_party_pharmacy"},
        lines(DABIGATRAN) | {"fulfilment": "hospital_delivery"},
    ),
)
