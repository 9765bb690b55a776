"""Three things that must not happen online, and one that ends: each refused with rule and law."""

from typing import Any

from hospital.demo.journey.cast import Pair, born, new_patient
from hospital.demo.journey.outside import Outside, until
from hospital.demo.journey.person import Person
from hospital.demo.journey.telling import Tale
from hospital.demo.journey.way import AMLODIPINE, Way, draft, expect, register

ZOLPIDEM = "酒石酸唑吡坦片"  # psychotropic, class II


def first_visit(base: str, outside: Outside, pair: Pair, tale: Tale) -> None:
    with tale.step("首诊不能在线：没有线下就诊 a first visit is refused"):
        known = new_patient(outside, history=False)
        patient = Person(base, "first visitor", perseveres=pair.doctor.perseveres)
        patient.sign_in_by_phone(known["phone"], outside)
        refusal = patient.refused("/api/v1/consultations", _wish(register(patient, known), pair))
        _names(refusal, "VISIT-FOLLOW-UP")


def young_child(base: str, outside: Outside, pair: Pair, tale: Tale) -> None:
    with tale.step("六岁以下无监护人陪伴 a child under six without guardian is refused"):
        parent, child = new_patient(outside, history=False), None
        child = new_patient(
            outside,
            birth_date=born(3, 5),
            diagnosis="L20.9",
            department="皮肤科",
            phone=parent["phone"],
            guardian={"name": parent["name"], "phone": parent["phone"], "relationship": "父亲"},
        )
        person = Person(base, "parent", perseveres=pair.doctor.perseveres)
        person.sign_in_by_phone(parent["phone"], outside)
        register(person, parent)
        patient_id = register(person, child | {"phone": parent["phone"]}, relation="child")
        refusal = person.refused(
            "/api/v1/consultations", _wish(patient_id, pair) | {"diagnoses": ["L20.9"]}
        )
        _names(refusal, "VISIT-YOUNG-CHILD")


def psychotropic(way: Way) -> None:
    with way.tale.step("第二类精神药品不能在线开具 a psychotropic drug is refused"):
        prescription = draft(way.pair.doctor, way.visit, ZOLPIDEM)
        refusal = way.pair.doctor.refused(f"/api/v1/prescriptions/{prescription}/sign")
        _names(refusal, "RX-CONTROLLED")
        way.pair.doctor.post(f"/api/v1/prescriptions/{prescription}/void")


def terminated(base: str, outside: Outside, pair: Pair, tale: Tale) -> None:
    with tale.step("医生终止并转线下，全额退款 terminated and referred, money back"):
        way = Way(base, outside, pair, Tale("", quiet=True))
        for step in (way.sign_in, way.make_record, way.order, way.pay, way.be_accepted):
            step()
        psychotropic(way)
        unsigned = draft(pair.doctor, way.visit, AMLODIPINE)
        pair.doctor.post(
            f"/api/v1/consultations/{way.visit}/refer",
            {"reason": "condition-changed", "note": "胸痛，请到急诊。"},
        )
        visit = way.patient.get(f"/api/v1/consultations/{way.visit}")
        expect(visit["state"] == "referred", "referred offline")
        state = pair.doctor.get(f"/api/v1/prescriptions/{unsigned}")["state"]
        expect(state == "void", "its prescription is void at once")
        charge = way.patient.get(f"/api/v1/charges/{way.charge}")
        expect(charge["refunded_fen"] == charge["amount_fen"], "all of it is given back")
        until(lambda: outside.refunded_fen(way.order_no) == charge["amount_fen"])


def _wish(patient_id: str, pair: Pair) -> dict[str, Any]:
    return {
        "patient": patient_id,
        "doctor": pair.doctor_id,
        "kind": "followup",
        "diagnoses": ["I10"],
        "complaint": "想开药。",
        "guardian_present": False,
    }


def _names(refusal: dict[str, Any], rule: str) -> None:
    """A refusal names its rule, quotes its law and says what can be done."""
    expect(refusal["code"] == "rule-broken", f"refused by rule, not {refusal}")
    finding = next((f for f in refusal["facts"]["findings"] if f["rule"] == rule), None)
    expect(finding is not None, f"{rule} is named in {refusal['facts']['rules']}")
    assert finding is not None
    expect(
        bool(finding["law"] and finding["says"] and finding["todo"]), f"{rule} says law and remedy"
    )
