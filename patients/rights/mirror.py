"""What the hospital's own systems have told us."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy

from hospital.his.models import Bill, Diagnosis, Fee, Medicine, Observation, Report, Visit
from patients.exporting import Asking, Row, Section, one_by_one
from patients.rights.words import AT, NAME


def _his_visits(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Visit.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "kind": each.kind,
            "department": each.department,
            "doctor": each.doctor,
            "summary": each.summary,
        }


def _his_diagnoses(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Diagnosis.objects.filter(person=asking.patient.person_id)):
        yield {"id": each.public_id, "at": each.at, "code": each.code, "name": each.name}


def _his_medicines(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Medicine.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "name": each.name,
            "atc": each.atc,
            "dosage": each.dosage,
            "until": each.until,
        }


def _his_reports(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Report.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "kind": each.kind,
            "title": each.title,
            "conclusion": each.conclusion,
        }


def _his_values(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Observation.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "code": each.code,
            "name": each.name,
            "value": each.value,
            "text": each.text,
            "unit": each.unit,
            "low": each.low,
            "high": each.high,
            "expected": each.expected,
            "flag": each.flag,
        }


def _his_bills(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Bill.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "state": each.state,
            "total_fen": each.total_fen,
            "lines": each.lines or [],
        }


def _his_fees(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Fee.objects.filter(person=asking.patient.person_id)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "name": each.what,
            "department": each.department,
            "amount_fen": each.amount_fen,
        }


SECTIONS: Final = (
    Section(
        "his_visits",
        gettext_lazy("本院就诊记录（院内系统）"),
        {"at": AT, "department": gettext_lazy("科室"), "summary": gettext_lazy("小结")},
        _his_visits,
    ),
    Section(
        "his_diagnoses",
        gettext_lazy("本院诊断（院内系统）"),
        {"at": AT, "name": NAME, "code": gettext_lazy("编码")},
        _his_diagnoses,
    ),
    Section(
        "his_medicines",
        gettext_lazy("本院用药（院内系统）"),
        {"at": AT, "name": NAME, "dosage": gettext_lazy("用法")},
        _his_medicines,
    ),
    Section(
        "his_reports",
        gettext_lazy("检验检查报告（院内系统）"),
        {"at": AT, "title": NAME, "conclusion": gettext_lazy("结论")},
        _his_reports,
    ),
    Section(
        "his_values",
        gettext_lazy("检验数值（院内系统）"),
        {
            "at": AT,
            "name": NAME,
            "value": gettext_lazy("结果"),
            "text": gettext_lazy("结果"),
            "unit": gettext_lazy("单位"),
        },
        _his_values,
    ),
    Section(
        "his_bills",
        gettext_lazy("本院账单（院内系统）"),
        {"at": AT, "total_fen": gettext_lazy("金额（分）"), "state": gettext_lazy("状态")},
        _his_bills,
    ),
    Section(
        "his_fees",
        gettext_lazy("本院收费项目（院内系统）"),
        {"at": AT, "name": NAME, "amount_fen": gettext_lazy("金额（分）")},
        _his_fees,
    ),
)
