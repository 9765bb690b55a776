"""Laboratory and blood-pressure series over years, with units and reference ranges."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from hospital.simulators import clock
from hospital.simulators.his.systems import LOINC, TERMINOLOGY, UCUM
from hospital.simulators.shelf import Item


class Test(NamedTuple):
    name: str
    loinc: str
    unit: str
    ucum: str
    low: float | None
    high: float | None
    usual: float
    digits: int


TESTS = {
    "creatinine": Test("肌酐", "14682-9", "μmol/L", "umol/L", 41, 111, 72, 0),
    "egfr": Test(
        "估算肾小球滤过率", "62238-1", "mL/min/1.73m²", "mL/min/{1.73_m2}", 90, None, 95, 0
    ),
    "potassium": Test("钾", "2823-3", "mmol/L", "mmol/L", 3.5, 5.3, 4.2, 1),
    "ldl": Test("低密度脂蛋白胆固醇", "22748-8", "mmol/L", "mmol/L", None, 3.4, 2.9, 2),
    "hba1c": Test("糖化血红蛋白", "4548-4", "%", "%", 4.0, 6.0, 5.7, 1),
    "glucose": Test("空腹血糖", "14771-0", "mmol/L", "mmol/L", 3.9, 6.1, 5.4, 1),
    "alt": Test("丙氨酸氨基转移酶", "1742-6", "U/L", "U/L", 7, 40, 22, 0),
}
PRESSURES = {
    "systolic": Test("收缩压", "8480-6", "mmHg", "mm[Hg]", 90, 139, 132, 0),
    "diastolic": Test("舒张压", "8462-4", "mmHg", "mm[Hg]", 60, 89, 80, 0),
}
EVERY_DAYS = 91


def series(
    patient_id: str, last: datetime, chance: Random, rounds: int, latest: Mapping[str, float]
) -> Iterator[Item]:
    """`rounds` quarterly panels that end at `last` with exactly the `latest` values told."""
    usual = {**TESTS, **PRESSURES}
    ends = {
        key: latest.get(key, test.usual * chance.uniform(0.85, 1.2)) for key, test in usual.items()
    }
    for back in range(rounds - 1, -1, -1):
        at = last - timedelta(days=EVERY_DAYS * back)
        values = {
            key: ends[key] + back * (usual[key].usual - ends[key]) / (2 * rounds)
            if back
            else ends[key]
            for key in usual
        }
        wobble = {key: values[key] * (chance.uniform(0.96, 1.04) if back else 1) for key in values}
        yield from _panel(f"{patient_id}-l{rounds - back}", patient_id, at, wobble)


def _panel(
    panel: str, patient_id: str, at: datetime, values: Mapping[str, float]
) -> Iterator[Item]:
    common = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": clock.written(at),
        "issued": clock.written(at),
    }
    results = []
    for key, test in TESTS.items():
        results.append({"reference": f"Observation/{panel}-{key}", "display": test.name})
        yield {
            **common,
            "id": f"{panel}-{key}",
            "category": [_category("observation-category", "laboratory", "检验")],
            "code": _code(test.loinc, test.name),
            **_measured(test, values[key]),
        }
    yield {
        **common,
        "id": f"{panel}-bp",
        "category": [_category("observation-category", "vital-signs", "生命体征")],
        "code": _code("85354-9", "血压"),
        "component": [
            {"code": _code(test.loinc, test.name), **_measured(test, values[key])}
            for key, test in PRESSURES.items()
        ],
    }
    yield {
        "resourceType": "DiagnosticReport",
        "id": panel,
        "status": "final",
        "category": [_category("v2-0074", "CH", "生化")],
        "code": {"text": "生化与糖化血红蛋白"},
        "subject": common["subject"],
        "effectiveDateTime": common["effectiveDateTime"],
        "issued": common["issued"],
        "result": results,
        "conclusion": _conclusion(values),
    }


def _measured(test: Test, value: float) -> Item:
    value = round(value, test.digits)
    flag = "N"
    if test.low is not None and value < test.low:
        flag = "L"
    if test.high is not None and value > test.high:
        flag = "H"
    bounds = {"low": test.low, "high": test.high}
    return {
        "valueQuantity": _quantity(test, value),
        "interpretation": [_category("v3-ObservationInterpretation", flag, flag)],
        "referenceRange": [
            {side: _quantity(test, bound) for side, bound in bounds.items() if bound is not None}
        ],
    }


def _conclusion(values: Mapping[str, float]) -> str:
    flagged = [
        test.name
        for key, test in TESTS.items()
        if _measured(test, values[key])["interpretation"][0]["coding"][0]["code"] != "N"
    ]
    return f"异常项：{'、'.join(flagged)}" if flagged else "所检项目未见异常"


def _quantity(test: Test, value: float) -> Item:
    value = round(value, test.digits)
    number = int(value) if test.digits == 0 else value
    return {"value": number, "unit": test.unit, "system": UCUM, "code": test.ucum}


def _code(loinc: str, name: str) -> Item:
    return {"coding": [{"system": LOINC, "code": loinc, "display": name}], "text": name}


def _category(system: str, code: str, text: str) -> Item:
    coding = {"system": f"{TERMINOLOGY}/{system}", "code": code, "display": text}
    return {"coding": [coding], "text": text}
