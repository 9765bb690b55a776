"""The doctor's doors, and reading."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from hospital.consultations import selectors as consultations
from hospital.kernel.clock import database_now
from hospital.kernel.http import Door, SignedInRequest, Strict
from hospital.kernel.paging import page_of
from hospital.kernel.refusals import Refused
from prescriptions import replays, selectors, services
from prescriptions.api.shapes import (
    BeginInput,
    DrugOutput,
    PrescriptionOutput,
    TermsInput,
    shown,
)
from prescriptions.models import Prescription
from prescriptions.pharmacy import named


class SearchFormulary(Door):
    access = "formulary.search"

    class Output(serializers.Serializer[Any]):
        rows = DrugOutput(many=True)

    @extend_schema(parameters=[OpenApiParameter("q", str)], responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        rows = selectors.formulary_matching(request.query_params.get("q", ""))
        return Response(self.Output({"rows": rows}).data)


class Prescriptions(Door):
    access = {"GET": "prescription.read", "POST": "prescription.write"}

    class Output(serializers.Serializer[Any]):
        rows = PrescriptionOutput(many=True)
        next = serializers.CharField(allow_null=True)

    @extend_schema(parameters=[OpenApiParameter("after", str)], responses=Output)
    def get(self, request: SignedInRequest) -> Response:
        rows = selectors.visible_to(request.user).prefetch_related("delivery__tracks")
        page = page_of(rows, by="begun_at", cursor=request.query_params.get("after"))
        return Response(
            {"rows": [shown(row, request.user) for row in page.rows], "next": page.next}
        )

    @extend_schema(request=BeginInput, responses={201: PrescriptionOutput})
    def post(self, request: SignedInRequest) -> Response:
        """Begin a draft (or find the one of this visit), write it, and say what the rules say."""
        wish = self.read(BeginInput)
        consultation = get_object_or_404(
            consultations.attended_by(request.user), public_id=wish.pop("consultation")
        )
        draft = services.begin(consultation, by=request.user, at=database_now())
        return Response(_write(draft, wish, request.user), status.HTTP_201_CREATED)


class SinglePrescription(Door):
    access = {"GET": "prescription.read", "PUT": "prescription.write"}

    @extend_schema(responses=PrescriptionOutput)
    def get(self, request: SignedInRequest, public_id: UUID) -> Response:
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        services.look(prescription, by=request.user, at=database_now())
        decision = prescription.decision
        findings = json.loads(decision.findings) if decision else None
        outcome = decision.outcome if decision else None
        return Response(shown(prescription, request.user, decision=outcome, findings=findings))

    @extend_schema(request=TermsInput, responses=PrescriptionOutput)
    def put(self, request: SignedInRequest, public_id: UUID) -> Response:
        wish = self.read(TermsInput)
        draft = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        return Response(_write(draft, wish, request.user))


def _write(draft: Prescription, wish: dict[str, Any], user: Any) -> dict[str, Any]:
    """Change the draft, then ask the rules."""
    lines = wishes_from(wish.pop("lines"))
    if "diagnoses" in wish:
        wish["diagnoses"] = named(wish["diagnoses"], draft.consultation.diagnoses)
    draft = services.change(draft, lines=lines, by=user, at=database_now(), **wish)
    decision = services.check(draft, at=database_now()).decision
    fresh = selectors.visible_to(user).get(pk=draft.pk)
    findings = replays.findings_of(decision)
    return shown(fresh, user, decision=decision.outcome.value, findings=findings)


def wishes_from(lines: Sequence[Mapping[str, Any]]) -> list[services.Wish]:
    """The lines with the drugs they name; refuses a drug that does not exist."""
    drugs = selectors.drugs_by_id(line["drug"] for line in lines)
    if any(line["drug"] not in drugs for line in lines):
        raise Refused(_("药品目录里没有这种药。"), code="drug-unknown")
    return [services.Wish(**{**line, "drug": drugs[line["drug"]]}) for line in lines]


class SignPrescription(Door):
    access = "prescription.sign"

    class Input(Strict):
        otp = serializers.RegexField(r"\A[0-9]{6}\Z", required=False)

    @extend_schema(request=Input, responses=PrescriptionOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        """`otp` is the second signature, where a rule asks for one (code `second-signature`)."""
        wish = self.read(self.Input)
        draft = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        services.sign(draft, by=request.user, at=database_now(), otp=wish.get("otp", ""))
        signed = selectors.visible_to(request.user).get(pk=draft.pk)
        return Response(shown(signed, request.user))


class VoidPrescription(Door):
    access = "prescription.write"

    @extend_schema(request=None, responses=PrescriptionOutput)
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        services.void(prescription, by=request.user, at=database_now())
        return Response(shown(_fresh(request, prescription), request.user))


class RevisePrescription(Door):
    access = "prescription.write"

    @extend_schema(request=None, responses={201: PrescriptionOutput})
    def post(self, request: SignedInRequest, public_id: UUID) -> Response:
        """A new version as a draft; the old one becomes void."""
        prescription = get_object_or_404(selectors.visible_to(request.user), public_id=public_id)
        draft = services.revise(prescription, by=request.user, at=database_now())
        return Response(shown(_fresh(request, draft), request.user), status.HTTP_201_CREATED)


def _fresh(request: SignedInRequest, prescription: Prescription) -> Prescription:
    return selectors.visible_to(request.user).get(pk=prescription.pk)
