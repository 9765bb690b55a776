"""What the patient and this hospital wrote down here."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy

from patients.exporting import Asking, Row, Section, one_by_one
from patients.models import Allergy, Answer, Consent, Evidence, OnlineVisit, SameDisease
from patients.models import Medicine as Taken
from patients.rights.words import AT, NAME


def _patient(asking: Asking) -> Iterator[Row]:
    who = asking.patient
    yield {
        "id": who.public_id,
        "name": who.name,
        "id_kind": who.id_kind,
        "id_number": who.id_number,
        "phone": who.phone,
        "birth_date": who.birth_date,
        "sex": who.sex,
        "pregnancy": who.pregnancy,
        "pregnancy_at": who.pregnancy_at,
        "due_on": who.due_on,
        "is_lactating": who.is_lactating,
        "weight_kg": who.weight_kg,
        "weighed_at": who.weighed_at,
        "liver": who.liver,
        "history": who.history,
        "allergies_known_at": who.allergies_known_at,
        "real_name_at": who.real_name_at,
        "recorded_at": who.recorded_at,
    }


def _allergies(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Allergy.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "to": each.to,
            "kind": each.kind,
            "code": each.code,
            "reaction": each.reaction,
            "source": each.source,
            "at": each.at,
        }


def _medicines(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Taken.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "name": each.name,
            "atc": each.atc,
            "dosage": each.dosage,
            "since": each.since,
            "until": each.until,
            "source": each.source,
            "origin": each.origin,
            "withdrawn_at": each.withdrawn_at,
        }


def _answers(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Answer.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "step": each.step,
            "at": each.at,
            "is_skipped": each.is_skipped,
            "said": each.said,
        }


def _online_visits(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(OnlineVisit.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "visit": each.visit,
            "at": each.at,
            "department": each.department,
            "doctor": each.doctor,
            "diagnoses": each.diagnoses,
            "outcome": each.outcome,
        }


def _papers(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(Evidence.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "kind": each.kind,
            "department": each.department,
            "note": each.note,
            "state": each.state,
            "reviewed_at": each.reviewed_at,
            "code": each.diagnosis,
            "name": each.diagnosis_name,
            "institution": each.issued_by,
            "visited_on": each.visited_on,
            "expires_on": each.expires_on,
            "ended_at": each.ended_at,
            "why": each.why,
        }


def _same_diseases(asking: Asking) -> Iterator[Row]:
    for each in one_by_one(SameDisease.objects.filter(patient=asking.patient)):
        yield {
            "id": each.public_id,
            "at": each.at,
            "first": each.first,
            "second": each.second,
            "reason": each.reason,
            "taken_back_at": each.taken_back_at,
        }


def _consents(asking: Asking) -> Iterator[Row]:
    rows = Consent.objects.filter(patient=asking.patient).select_related("text")
    for each in one_by_one(rows):
        yield {
            "id": each.public_id,
            "kind": each.text.kind,
            "version": each.text.version,
            "title": each.text.title,
            "body": each.text.body,
            "digest": each.digest,
            "how": each.how,
            "at": each.at,
            "withdrawn_at": each.withdrawn_at,
        }


SECTIONS: Final = (
    Section(
        "patient",
        gettext_lazy("基本资料"),
        {
            "name": gettext_lazy("姓名"),
            "sex": gettext_lazy("性别"),
            "birth_date": gettext_lazy("出生日期"),
            "id_number": gettext_lazy("身份证号"),
            "phone": gettext_lazy("手机号"),
            "weight_kg": gettext_lazy("体重"),
            "pregnancy": gettext_lazy("怀孕"),
            "liver": gettext_lazy("肝功能"),
            "history": gettext_lazy("既往史"),
        },
        _patient,
    ),
    Section(
        "allergies",
        gettext_lazy("过敏史"),
        {"to": NAME, "reaction": gettext_lazy("反应"), "source": gettext_lazy("来源")},
        _allergies,
    ),
    Section(
        "answers",
        gettext_lazy("建档问题的回答"),
        {"step": gettext_lazy("问题"), "said": gettext_lazy("回答"), "at": AT},
        _answers,
    ),
    Section(
        "medicines",
        gettext_lazy("在用药品"),
        {"name": NAME, "dosage": gettext_lazy("用法"), "since": gettext_lazy("开始")},
        _medicines,
    ),
    Section(
        "online_visits",
        gettext_lazy("健康档案里的线上就诊"),
        {
            "at": AT,
            "department": gettext_lazy("科室"),
            "doctor": gettext_lazy("医生"),
            "diagnoses": gettext_lazy("诊断"),
        },
        _online_visits,
    ),
    Section(
        "consents",
        gettext_lazy("知情同意"),
        {
            "title": NAME,
            "version": gettext_lazy("版本"),
            "at": gettext_lazy("同意时间"),
            "withdrawn_at": gettext_lazy("撤回时间"),
        },
        _consents,
    ),
    Section(
        "papers",
        gettext_lazy("外院病历"),
        {
            "at": AT,
            "kind": gettext_lazy("种类"),
            "name": gettext_lazy("诊断"),
            "institution": gettext_lazy("医院"),
            "visited_on": gettext_lazy("就诊日期"),
            "state": gettext_lazy("状态"),
        },
        _papers,
    ),
    Section(
        "same_diseases",
        gettext_lazy("医生确认为同一种病的诊断"),
        {"at": AT, "first": gettext_lazy("诊断"), "second": gettext_lazy("另一个诊断")},
        _same_diseases,
    ),
)
