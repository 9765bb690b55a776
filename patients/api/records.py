"""What is known of a patient: visits, reports, and the record for whoever looks after them."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from hospital.his.models import Report
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest
from patients import history, selectors, services
from patients.api.shapes import (
    ContactOutput,
    FreshOutput,
    HistoryOutput,
    RecordOutput,
    ReportsOutput,
    WholeReportOutput,
)
from patients.models import Patient
from patients.reports.items import Item, items_of


class ReadHistory(Door):
    """The visits to the hospital; what the mirror knows, and up to when."""

    access = "patient.record"

    @extend_schema(responses=HistoryOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = _own(request, public_id)
        past = history.of(patient)
        return Response(
            {
                "as_of": selectors.as_of(patient),
                "visits": [_visit(each) for each in past.visits if not each.is_online],
            }
        )


class Refresh(Door):
    """Ask the hospital now. When it is silent, what the mirror knows stays: `is_fresh` is false."""

    access = "patient.record"

    @extend_schema(request=None, responses=FreshOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        is_fresh = services.refresh(_own(request, public_id), at=database_now())
        as_of = selectors.as_of(_own(request, public_id))
        return Response(FreshOutput({"is_fresh": is_fresh, "as_of": as_of}).data)


class ListReports(Door):
    access = "patient.reports"

    @extend_schema(parameters=[OpenApiParameter("after")], responses=ReportsOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = _own(request, public_id)
        page = selectors.reports_page(patient, request.query_params.get("after"))
        return Response(
            {
                "as_of": selectors.as_of(patient),
                "rows": [_report(row) | {"abnormal": row.abnormal} for row in page.rows],
                "next": page.next,
            }
        )


class ReadReport(Door):
    access = "patient.reports"

    @extend_schema(responses=WholeReportOutput)
    def get(self, request: SignedInRequest, public_id: UUID, report_id: UUID) -> Response:
        reports = selectors.reports_of(_own(request, public_id))
        report = get_object_or_404(reports, public_id=report_id)
        items = items_of(selectors.items_of_report(report))
        return Response(_report(report) | {"items": [_item(each) for each in items]})


class ReadRecord(Door):
    """The health record for whoever looks after the patient; leaves a trace."""

    access = "patient.health"

    @extend_schema(parameters=[OpenApiParameter("why")], responses=RecordOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        reached = selectors.reached(request.user, public_id)
        if reached is None:
            raise Http404
        record = services.open_reached(
            reached,
            by=request.user,
            at=database_now(),
            why=request.query_params.get("why", ""),
        )
        return Response(_record(record))


class ReadContact(Door):
    """Whom to call when the patient is not found; leaves a trace of its own."""

    access = "patient.health"

    @extend_schema(parameters=[OpenApiParameter("why")], responses=ContactOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        why = request.query_params.get("why", "")
        at = database_now()
        contact = services.open_contact(patient, by=request.user, at=at, why=why)
        return Response({"contact": contact})


def _own(request: SignedInRequest, public_id: UUID) -> Patient:
    """Oneself, family, or whom one helps."""
    patient = selectors.linked(request.user, public_id)
    if patient is None:
        raise Http404
    return patient


def _visit(visited: history.Visited) -> dict[str, Any]:
    return {
        "at": visited.at,
        "department": visited.department,
        "doctor": visited.doctor,
        "diagnoses": list(visited.diagnoses),
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "public_id": report.public_id,
        "at": report.at,
        "kind": report.kind,
        "title": report.title,
        "conclusion": report.conclusion,
    }


def _item(item: Item) -> dict[str, Any]:
    row = item.row
    return {
        "public_id": row.public_id,
        "code": row.code,
        "name": row.name,
        "value": None if row.value is None else f"{row.value.normalize():f}",
        "text": row.text or "",
        "unit": row.unit,
        "reference": item.reference,
        "flag": item.flag,
    }


def _record(record: services.HealthRecord) -> dict[str, Any]:
    patient, told = record.patient, record.told
    return {
        "patient": {
            "public_id": patient.public_id,
            "name": patient.name,
            "sex": patient.sex,
            "age": record.age,
            "weight_kg": patient.weight_kg,
            "weighed_on": told.weighed_on,
            "is_weight_old": told.is_weight_old,
            "pregnancy": told.pregnancy,
            "due_on": told.due_on,
            "is_lactating": told.is_lactating,
            "liver": patient.liver,
            "history": patient.history,
            "allergies_known_at": patient.allergies_known_at,
        },
        "as_of": record.as_of,
        "allergies": [
            {"to": a.to, "reaction": a.reaction, "source": a.source} for a in record.allergies
        ],
        "medicines": [m._asdict() for m in record.medicines],
        "problems": [{"code": p.code, "name": p.name, "at": p.at} for p in record.problems],
        "labs": [_series(each) for each in record.labs],
        "visits": [_visit(v) | {"is_online": v.is_online} for v in record.visits],
        "reports": [_report(each) for each in record.reports],
        "papers": [_paper(each) for each in record.papers],
    }


def _paper(paper: Any) -> dict[str, Any]:
    return {
        "public_id": paper.public_id,
        "at": paper.at,
        "kind": paper.kind,
        "state": paper.state,
        "code": paper.diagnosis,
        "name": paper.diagnosis_name,
        "issued_by": paper.issued_by,
        "visited_on": paper.visited_on,
        "expires_on": paper.expires_on,
        "files": paper.files,
    }


def _series(series: history.Series) -> dict[str, Any]:
    return {
        "code": series.code,
        "name": series.name,
        "unit": series.unit,
        "reference": series.reference,
        "flag": series.flag,
        "points": [{"at": at, "value": f"{value.normalize():f}"} for at, value in series.points],
    }
