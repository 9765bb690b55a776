"""Resources in the shape of the examples that HL7 publishes for R4, written anew for here.

What the standard leaves optional may be missing, what it lets a sender add may be there, and what
changes the meaning of a resource is never passed over.
"""

import copy
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hospital.his import reading
from hospital.his.reading import Malformed, containing, visits
from hospital.kernel.calendar import BEIJING

META = {"versionId": "1", "lastUpdated": "2026-03-01T08:00:00.000+08:00"}
SUBJECT = {"reference": "Patient/f001", "display": "P. van de Heuvel"}
NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">…</div>'}
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
BIRTH_TIME = "http://hl7.org/fhir/StructureDefinition/patient-birthTime"


def resource(kind, **fields):
    whole = {"resourceType": kind, "id": "f001", "meta": META, "text": NARRATIVE, **fields}
    return json.loads(json.dumps(whole), parse_float=Decimal)


def read(told):
    return reading.read(told["resourceType"], told)


def one(told):
    (found,) = read(told)
    return found


PATIENT = resource(
    "Patient",
    identifier=[
        {"use": "usual", "system": "urn:oid:2.16.840.1.113883.2.4.6.3", "value": "738472983"},
        {
            "use": "official",
            "type": {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "PPN"}
                ]
            },
            "value": "E1234 5678",
        },
    ],
    active=True,
    name=[
        {"use": "nickname", "given": ["Piet"]},
        {"use": "official", "family": "van de Heuvel", "given": ["Pieter"], "suffix": ["MSc"]},
    ],
    telecom=[
        {"system": "email", "value": "p@example.org"},
        {"system": "phone", "value": "+86 138 0000 6699", "use": "mobile"},
    ],
    gender="male",
    birthDate="1944-11-17",
    _birthDate={"extension": [{"url": BIRTH_TIME, "valueDateTime": "1944-11-17T14:35:45-05:00"}]},
    deceasedBoolean=False,
    multipleBirthBoolean=True,
    contact=[
        {
            "relationship": [{"coding": [{"code": "C"}]}],
            "name": {"family": "Heuvel", "given": ["Sarah"]},
            "telecom": [{"system": "phone", "value": "13800006698"}],
        }
    ],
    managingOrganization={"reference": "Organization/f001"},
)
ENCOUNTER = resource(
    "Encounter",
    status="finished",
    **{"class": {"code": "AMB"}},
    subject=SUBJECT,
    participant=[{"individual": {"reference": "Practitioner/f001", "display": "E. van den Broek"}}],
    period={"start": "2026-02-03"},
    reasonCode=[{"coding": [{"code": "34068001", "display": "Heart valve replacement"}]}],
    diagnosis=[
        {"condition": {"reference": "Condition/stroke"}, "rank": 1},
        {"condition": {"reference": "Procedure/f001"}},
    ],
    serviceProvider={"reference": "Organization/f001", "display": "心脏中心"},
)
CONDITION = resource(
    "Condition",
    verificationStatus={"coding": [{"code": "confirmed"}]},
    code={
        "coding": [
            {"system": "http://snomed.info/sct", "code": "38341003"},
            {"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10", "display": "原发性高血压"},
        ]
    },
    subject=SUBJECT,
    onsetDateTime="2012",
)
ALLERGY = resource(
    "AllergyIntolerance",
    clinicalStatus={"coding": [{"code": "active"}]},
    category=["food"],
    criticality="high",
    code={"coding": [{"code": "227493005", "display": "Cashew nuts"}]},
    patient=SUBJECT,
    onsetDateTime="2004",
    reaction=[
        {
            "manifestation": [
                {"coding": [{"code": "39579001", "display": "Anaphylactic reaction"}]}
            ],
            "severity": "severe",
        }
    ],
)
PRESSURE = resource(
    "Observation",
    status="final",
    code={"coding": [{"system": LOINC, "code": "85354-9"}], "text": "Blood pressure"},
    subject=SUBJECT,
    effectiveDateTime="2012-09-17",
    component=[
        {
            "code": {"coding": [{"system": LOINC, "code": "8480-6", "display": "收缩压"}]},
            "valueQuantity": {"value": 107, "unit": "mmHg", "system": UCUM, "code": "mm[Hg]"},
        },
        {
            "code": {"coding": [{"system": LOINC, "code": "8462-4", "display": "舒张压"}]},
            "dataAbsentReason": {"coding": [{"code": "not-performed"}]},
        },
    ],
)
GLUCOSE = resource(
    "Observation",
    status="final",
    code={"coding": [{"system": LOINC, "code": "15074-8", "display": "血糖"}]},
    subject=SUBJECT,
    effectivePeriod={"start": "2013-04-02T09:30:10+01:00"},
    issued="2013-04-03T15:30:10+01:00",
    valueQuantity={"value": 6.3, "unit": "mmol/l", "system": UCUM, "code": "mmol/L"},
    interpretation=[{"coding": [{"code": "H"}]}],
    referenceRange=[
        {"type": {"coding": [{"code": "treatment"}]}, "high": {"value": 10}},
        {"type": {"coding": [{"code": "normal"}]}, "low": {"value": 3.1}, "high": {"value": 6.2}},
    ],
)
LIPIDS = resource(
    "DiagnosticReport",
    contained=[
        {
            "resourceType": "Observation",
            "id": "cholesterol",
            "status": "final",
            "code": {"coding": [{"system": LOINC, "code": "35200-5", "display": "胆固醇"}]},
            "valueQuantity": {"value": 6.3, "unit": "mmol/L"},
            "referenceRange": [{"high": {"value": 4.5}}],
        },
        {"resourceType": "Organization", "id": "lab", "name": "检验科"},
    ],
    status="final",
    code={"coding": [{"system": LOINC, "code": "57698-3", "display": "血脂四项"}]},
    subject=SUBJECT,
    effectiveDateTime="2011-03-04T08:30:00+11:00",
    performer=[{"reference": "#lab"}],
    result=[{"reference": "#cholesterol"}, {"reference": "Observation/hdl"}],
)
PRESCRIBED = resource(
    "MedicationRequest",
    contained=[
        {
            "resourceType": "Medication",
            "id": "med0316",
            "code": {
                "coding": [{"system": "http://www.whocc.no/atc", "code": "C08CA01"}],
                "text": "苯磺酸氨氯地平片 5mg",
            },
        }
    ],
    status="active",
    intent="order",
    medicationReference={"reference": "#med0316"},
    subject=SUBJECT,
    authoredOn="2026-01-15",
    dispenseRequest={
        "expectedSupplyDuration": {"value": 4, "unit": "weeks", "system": UCUM, "code": "wk"}
    },
)
CHARGE_ITEM = resource(
    "ChargeItem",
    status="billable",
    code={"coding": [{"code": "01510", "display": "Zusatzpauschale"}]},
    subject=SUBJECT,
    context={"reference": "Encounter/example"},
    occurrencePeriod={"start": "2026-02-01T09:00:00+08:00"},
    performingOrganization={"identifier": {"value": "1"}, "display": "心内科"},
    quantity={"value": 1},
    priceOverride={"value": 40, "currency": "CNY"},
)
INVOICE = resource(
    "Invoice",
    status="issued",
    subject=SUBJECT,
    date="2026-01-25",
    lineItem=[
        {
            "chargeItemReference": {"reference": "ChargeItem/c1"},
            "priceComponent": [{"type": "base", "amount": {"value": 40.22, "currency": "CNY"}}],
        },
        {
            "chargeItemCodeableConcept": {"text": "挂号费"},
            "priceComponent": [{"type": "base", "amount": {"value": 8, "currency": "CNY"}}],
        },
    ],
    totalNet={"value": 40, "currency": "CNY"},
    totalGross={"value": 48.22, "currency": "CNY"},
)
EXAMPLES = [
    PATIENT,
    ENCOUNTER,
    CONDITION,
    ALLERGY,
    PRESSURE,
    GLUCOSE,
    LIPIDS,
    PRESCRIBED,
    CHARGE_ITEM,
    INVOICE,
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["resourceType"])
def test_every_kind_of_example_is_read(example):
    assert all(each.subject == "f001" and not each.is_gone for each in read(example))
    assert read(example)


def test_a_patient_without_a_written_name_is_called_by_the_parts_of_the_official_one():
    told = one(PATIENT)
    assert told.fields["name"] == "van de Heuvel Pieter"
    assert (told.fields["birth_date"], told.fields["phone"]) == (date(1944, 11, 17), "13800006699")
    assert told.fields["id_number"] == "", "738472983 is no identity number"
    assert told.documents == ("passport:E12345678",)
    assert told.fields["contacts"][0]["name"] == "Heuvel Sarah"


@pytest.mark.parametrize(
    "odd",
    [
        {"name": {"text": "李四（母亲）"}},
        {"name": {"text": ""}},
        {"name": {"text": "李四", "use": "old"}},
        {"name": {"text": "李四"}, "relationship": [{"text": 7}]},
        {},
    ],
)
def test_a_contact_that_cannot_be_read_turns_nobody_away_and_is_left_out(odd):
    telecom = [{"system": "phone", "value": "13800006697"}]
    told = one(PATIENT | {"contact": [odd | {"telecom": telecom}, *PATIENT["contact"]]})
    assert [each["name"] for each in told.fields["contacts"]] == ["Heuvel Sarah"]


@pytest.mark.parametrize("name", ["𠮷田", "阿卜杜拉·买买提", "㛃", "欧阳娜娜"])
def test_rare_characters_stay_what_they_are(name):
    family = {"name": [{"use": "official", "family": name[:1], "given": [name[1:]]}]}
    for names in ({"name": [{"text": name}]}, family):
        assert one(PATIENT | names).fields["name"] == name


@pytest.mark.parametrize(
    ("told", "born"),
    [
        ({"birthDate": "1990-03"}, date(1990, 3, 7)),
        ({"birthDate": "1990"}, date(1990, 3, 7)),
        ({"birthDate": None, "gender": "unknown"}, date(1990, 3, 7)),
    ],
)
def test_what_is_told_in_part_the_identity_number_completes(told, born):
    number = {"system": "urn:oid:2.16.156.10011.1.3", "value": "110108199003071238"}
    whole = PATIENT | {"identifier": [number]} | told
    whole = {key: value for key, value in whole.items() if value is not None}
    assert (one(whole).fields["birth_date"], one(whole).fields["sex"]) == (born, "male")
    with pytest.raises(Malformed):
        read(whole | {"birthDate": "1991"})
    with pytest.raises(Malformed):
        read(whole | {"identifier": []})


def test_moments_told_in_part_are_taken_for_their_beginning():
    assert one(ENCOUNTER).fields["at"] == datetime(2026, 2, 3, tzinfo=BEIJING)
    assert one(CONDITION).fields["at"] == datetime(2012, 1, 1, tzinfo=BEIJING)
    assert one(GLUCOSE).fields["at"] == datetime(2013, 4, 2, 8, 30, 10, tzinfo=UTC)
    with pytest.raises(Malformed, match="without its zone"):
        read(PRESSURE | {"effectiveDateTime": "2012-09-17T10:00:00"})
    with pytest.raises(Malformed):
        read(PRESSURE | {"effectiveDateTime": "2012-13"})


def diagnosed(code):
    return CONDITION | {"code": {"coding": [{"system": visits.ICD10, "code": code}]}}


@pytest.mark.parametrize("code", ["i10.x00", "Ｉ10.X00", "I10x00"])
def test_a_diagnosis_stands_in_the_spelling_of_the_catalogue(code):
    assert one(diagnosed(code)).fields["code"] == "I10.x00"


@pytest.mark.parametrize("code", ["高血压", "", "BNG050", 10, None])
def test_a_diagnosis_without_a_code_of_icd_10_is_malformed(code):
    with pytest.raises(Malformed):
        read(diagnosed(code))


def test_a_visit_is_named_by_whoever_provided_it_and_by_conditions_alone():
    told = one(ENCOUNTER)
    assert (told.fields["department"], told.fields["doctor"]) == ("心脏中心", "E. van den Broek")
    assert told.parts == ("stroke",)


def test_components_without_a_result_are_passed_over():
    told = one(PRESSURE)
    assert (told.fhir_id, told.fields["value"], told.fields["unit"]) == ("f001.8480-6", 107, "mmHg")


@pytest.mark.parametrize(
    "value",
    [
        {"valueString": "阴性"},
        {"valueCodeableConcept": {"text": "A Rh+"}},
        {"valueQuantity": {"value": 5, "comparator": "<", "unit": "ng/L"}},
        {"dataAbsentReason": {"coding": [{"code": "error"}]}},
    ],
)
def test_what_is_no_plain_number_is_never_made_one(value):
    whole = {key: told for key, told in GLUCOSE.items() if key != "valueQuantity"} | value
    assert all("value" not in each.fields or each.fields["value"] is None for each in read(whole))


def worded(value, *, expected="", interpretation=""):
    """The fields of one result in words."""
    whole = {
        key: told for key, told in GLUCOSE.items() if key not in {"valueQuantity", "interpretation"}
    }
    more = {"interpretation": [{"coding": [{"code": interpretation}]}]} if interpretation else {}
    ranges = [{"text": expected}] if expected else []
    return one(whole | {"referenceRange": ranges} | value | more).fields


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"valueString": " 阴性 "}, "阴性"),
        ({"valueCodeableConcept": {"text": "A Rh+", "coding": [{"code": "278149003"}]}}, "A Rh+"),
        (
            {"valueCodeableConcept": {"coding": [{"code": "260385009", "display": "Negative"}]}},
            "Negative",
        ),
        ({"valueQuantity": {"value": 5, "comparator": "<", "unit": "ng/L"}}, "<5"),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}, "1:64"),
        ({"valueRange": {"low": {"value": 2}, "high": {"value": 5}}}, "2–5"),
    ],
)
def test_a_result_in_words_is_kept_as_words(value, says):
    told = worded(value)
    assert (told["value"], told["text"]) == (None, says)


@pytest.mark.parametrize(
    ("said", "expected", "interpretation", "flag"),
    [
        ("阳性", "阴性", "", "abnormal"),
        ("弱阳性", "阴性", "", "abnormal"),
        ("（２＋）", "阴性（－）"[:2], "", "abnormal"),
        ("±", "-", "", "abnormal"),
        ("阴性", "阴性", "", ""),
        ("阳性", "", "", ""),  # antibodies after a vaccination
        ("阳性", "阳性", "", ""),
        ("阳性", "", "POS", ""),  # positive alone is no judgement
        ("阳性", "", "A", "abnormal"),
        ("红色", "", "AA", "abnormal"),
        ("1:640", "", "H", "high"),
        ("淡黄", "淡黄", "N", ""),
    ],
)
def test_words_are_out_of_the_ordinary_as_the_laboratory_says(said, expected, interpretation, flag):
    told = worded({"valueString": said}, expected=expected, interpretation=interpretation)
    assert (told["flag"], told["expected"]) == (flag, expected or None)


@pytest.mark.parametrize(
    ("comparator", "value", "flag"),
    [
        ("<", 3.1, "low"),
        ("<", 3.2, ""),
        ("<=", 3.1, ""),
        (">", 6.2, "high"),
        (">=", 6.2, ""),
        (">", 5, ""),
    ],
)
def test_what_is_beyond_a_limit_is_flagged_only_where_it_is_certain(comparator, value, flag):
    quantity = {"value": Decimal(str(value)), "comparator": comparator, "unit": "mmol/l"}
    assert one(GLUCOSE | {"valueQuantity": quantity, "interpretation": []}).fields["flag"] == flag


def test_a_result_with_components_tells_its_own_value_too():
    whole = PRESSURE | {"valueString": "左上肢"}
    assert [each.fhir_id for each in read(whole)] == ["f001.8480-6", "f001"]


def test_the_reference_range_is_that_of_the_healthy():
    told = one(GLUCOSE).fields
    assert (told["low"], told["high"]) == (Decimal("3.1"), Decimal("6.2"))
    for_treatment = GLUCOSE | {"referenceRange": GLUCOSE["referenceRange"][:1]}
    assert one(for_treatment).fields["high"] is None
    only_words = one(GLUCOSE | {"referenceRange": [{"text": "见说明"}]}).fields
    assert (only_words["low"], only_words["expected"]) == (None, "见说明")


def test_results_within_their_report_stand_on_their_own():
    assert one(LIPIDS).parts == ("f001.cholesterol", "hdl")
    (inside,) = containing.observations(LIPIDS)
    told = one(inside)
    assert (told.fhir_id, told.subject, told.fields["value"]) == (
        "f001.cholesterol",
        "f001",
        Decimal("6.3"),
    )
    assert told.fields["at"] == one(LIPIDS).fields["at"]


def test_results_within_a_report_are_never_somebody_elses():
    told = copy.deepcopy(LIPIDS)
    told["contained"][0]["subject"] = {"reference": "Patient/f002"}
    assert one(containing.observations(told)[0]).subject == "f001"


def test_a_medicine_within_its_prescription_is_found():
    told = one(PRESCRIBED).fields
    assert (told["name"], told["atc"]) == ("苯磺酸氨氯地平片 5mg", "C08CA01")
    assert told["until"] == date(2026, 2, 12)
    elsewhere = PRESCRIBED | {
        "medicationReference": {"reference": "Medication/m", "display": "阿司匹林"}
    }
    assert one(elsewhere).fields["name"] == "阿司匹林"
    with pytest.raises(Malformed, match="without its name"):
        read(PRESCRIBED | {"medicationReference": {"reference": "Medication/m"}})


def test_a_bill_is_summed_by_its_total_and_keeps_its_own_lines():
    told = one(INVOICE)
    assert (told.fields["total_fen"], told.parts) == (4822, ("c1",))
    assert told.fields["lines"] == [{"what": "挂号费", "amount_fen": 800}]
    item = one(CHARGE_ITEM).fields
    assert (item["what"], item["amount_fen"], item["department"]) == (
        "Zusatzpauschale",
        4000,
        "心内科",
    )


@pytest.mark.parametrize(
    "money",
    [
        {"value": 40, "currency": "EUR"},
        {"value": 40},
        {"value": Decimal("40.005"), "currency": "CNY"},
        {"value": -1, "currency": "CNY"},
        {"value": "40", "currency": "CNY"},
        {"value": Decimal("1e999999"), "currency": "CNY"},
        {"value": True, "currency": "CNY"},
    ],
)
def test_a_sum_that_cannot_be_paid_is_malformed(money):
    with pytest.raises(Malformed):
        read(INVOICE | {"totalGross": money})


@pytest.mark.parametrize(
    ("example", "turned"),
    [
        (ALLERGY, {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}),
        (ALLERGY, {"code": {"coding": [{"code": "716186003", "display": "No known allergy"}]}}),
        (CONDITION, {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}),
        (CONDITION, {"verificationStatus": {"coding": [{"code": "differential"}]}}),
        (ENCOUNTER, {"status": "entered-in-error"}),
        (ENCOUNTER, {"status": "planned"}),
        (GLUCOSE, {"status": "entered-in-error"}),
        (GLUCOSE, {"status": "preliminary"}),
        (LIPIDS, {"status": "registered"}),
        (PRESCRIBED, {"status": "entered-in-error"}),
        (PRESCRIBED, {"doNotPerform": True}),
        (PRESCRIBED, {"intent": "proposal"}),
        (CHARGE_ITEM, {"status": "entered-in-error"}),
        (INVOICE, {"status": "draft"}),
        (INVOICE, {"status": "entered-in-error"}),
    ],
)
def test_what_is_withdrawn_wished_for_or_denied_does_not_stand(example, turned):
    assert not one(example).is_gone
    assert one(example | turned).is_gone


MODIFIER = {"modifierExtension": [{"url": "http://example.org/not", "valueBoolean": True}]}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each["resourceType"])
def test_an_unknown_modifier_is_never_passed_over_and_any_other_extension_is(example):
    harmless = {"extension": [{"url": "http://example.org/more", "valueString": "x"}]}
    assert read(example | harmless) == read(example)
    for turned in (MODIFIER, {"implicitRules": "http://example.org/rules"}):
        with pytest.raises(Malformed, match="do not know"):
            read(example | turned)


def test_a_modifier_deep_inside_counts_too():
    told = copy.deepcopy(PRESCRIBED)
    told["contained"][0] |= MODIFIER
    with pytest.raises(Malformed):
        read(told)


@pytest.mark.parametrize(
    "turned",
    [
        {"subject": {"identifier": {"value": "1"}}},
        {"subject": {"reference": "Group/1"}},
        {"subject": {"reference": "#p"}},
        {"subject": {"reference": "urn:uuid:6e5f0c2e"}},
    ],
)
def test_a_subject_that_is_no_patient_of_the_hospital_is_malformed(turned):
    with pytest.raises(Malformed):
        read(GLUCOSE | turned)


def test_references_may_be_whole_addresses_and_name_a_version():
    told = {"subject": {"reference": "https://his.example/fhir/Patient/f001/_history/3"}}
    assert one(GLUCOSE | told).subject == "f001"


def test_a_record_replaced_by_another_is_joined_by_nobody_here():
    link = {"other": {"reference": "Patient/f002"}, "type": "replaced-by"}
    with pytest.raises(Malformed, match="replaced"):
        read(PATIENT | {"link": [link]})
    assert one(PATIENT | {"link": [link | {"type": "seealso"}]})
