"""Bills of the hospital: what is to be paid, and paying it."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hospital.his import selectors as his
from hospital.his.models import Bill
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest
from hospital.kernel.paging import page_of
from patients import bills, selectors, services


class LineOutput(serializers.Serializer[Any]):
    what = serializers.CharField()
    amount_fen = serializers.IntegerField(allow_null=True)
    department = serializers.CharField()


class BillOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    amount_fen = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=["due", "paying", "telling", "paid"])


class WholeBillOutput(BillOutput):
    lines = LineOutput(many=True)


class BillsOutput(serializers.Serializer[Any]):
    as_of = serializers.DateTimeField(allow_null=True)
    rows = BillOutput(many=True)
    next = serializers.CharField(allow_null=True)


class ChargeOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    amount_fen = serializers.IntegerField()
    pay_by = serializers.DateTimeField(source="expires_at")


class ListBills(Door):
    """Those that wait to be paid; with `show=paid` the others."""

    access = "patient.bills"

    @extend_schema(
        parameters=[OpenApiParameter("after"), OpenApiParameter("show")], responses=BillsOutput
    )
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        patient = get_object_or_404(selectors.linked_to(request.user), public_id=public_id)
        mine = selectors.bills_visible_to(request.user).filter(person=patient.person)
        due = selectors.to_pay(mine)
        rows = mine.exclude(pk__in=due.values("pk")) if _wants_paid(request) else due
        page = page_of(rows, by="at", cursor=request.query_params.get("after"))
        told = {
            "as_of": his.as_of(patient.person),
            "rows": [_bill(each) for each in page.rows],
            "next": page.next,
        }
        return Response(BillsOutput(told).data)


class ReadBill(Door):
    access = "patient.bills"

    @extend_schema(responses=WholeBillOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        bill = get_object_or_404(selectors.bills_visible_to(request.user), public_id=public_id)
        return Response(WholeBillOutput({**_bill(bill), "lines": bills.lines(bill)}).data)


class PayBill(Door):
    """The charge by which the bill is paid, at `/api/v1/charges/<uuid>/pay`."""

    access = "patient.bills"

    @extend_schema(request=None, responses={201: ChargeOutput})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        mine = selectors.bills_visible_to(request.user).select_related("person")
        bill = get_object_or_404(mine, public_id=public_id)
        patient = selectors.patient_of_bill(request.user, bill)
        charge = services.order_bill(bill, patient, by=request.user, at=database_now())
        return Response(ChargeOutput(charge).data, status=201)


def _wants_paid(request: SignedInRequest) -> bool:
    return bool(request.query_params.get("show") == "paid")


def _bill(bill: Bill) -> dict[str, Any]:
    living = bill.living  # type: ignore[attr-defined]
    return {
        "public_id": bill.public_id,
        "at": bill.at,
        "amount_fen": bill.total_fen,
        "stage": bills.stage(bill, living[0] if living else None),
    }
