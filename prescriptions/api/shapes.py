"""What goes in and out of the doors of prescriptions. Shapes only; nothing is decided here."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hospital.accounts.roles import Role
from hospital.kernel.fields import ProseField, WholeField
from hospital.kernel.http import Strict
from prescriptions.models import Delivery, Drug, Line, Prescription
from prescriptions.pharmacy import medicine_of
from prescriptions.wording import FREQUENCIES, ROUTES, for_patient, sig


class DoseField(serializers.Field[Decimal | None, Any, str | None, Any]):
    """A number as JSON or ASCII text; no exponents, no full-width digits, no more than 3 places."""

    def to_internal_value(self, data: Any) -> Decimal:
        text = str(data) if isinstance(data, (int, float)) and not isinstance(data, bool) else data
        digits = text.replace(".", "", 1) if isinstance(text, str) else ""
        if not (digits.isascii() and digits.isdigit() and len(text) <= 10):
            raise serializers.ValidationError("1.25", code="dose-malformed")
        amount = Decimal(text)
        if not 0 < amount <= 999_999 or amount != round(amount, 3):
            raise serializers.ValidationError("1.25", code="dose-malformed")
        return amount

    def to_representation(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value.normalize(), "f")


class LineInput(Strict):
    drug = serializers.UUIDField()
    dose = extend_schema_field(serializers.DecimalField(10, 3))(DoseField)(
        required=False, allow_null=True
    )
    dose_unit = serializers.CharField(required=False, max_length=8, allow_blank=True)
    frequency = serializers.ChoiceField(choices=sorted(FREQUENCIES))
    route = serializers.ChoiceField(choices=sorted(ROUTES), required=False)
    days = WholeField(low=1, high=366)
    packs = WholeField(low=1, high=999, required=False)


class TermsInput(Strict):
    kind = serializers.ChoiceField(choices=["western", "patent"], required=False)
    diagnoses = serializers.ListField(
        child=serializers.CharField(max_length=16), max_length=10, required=False
    )
    lines = LineInput(many=True)
    reason = ProseField(limit=500, required=False, allow_blank=True)
    second_signature = serializers.BooleanField(required=False)
    long_term_evaluation = serializers.BooleanField(required=False)
    patient_confirmed_long_term = serializers.BooleanField(required=False)
    extension_days = WholeField(low=0, high=99, required=False)


class BeginInput(TermsInput):
    consultation = serializers.UUIDField()


class DrugOutput(serializers.Serializer[Drug]):
    public_id = serializers.UUIDField()
    name = serializers.CharField()
    strength = serializers.CharField()
    pack = serializers.CharField()
    price_fen = serializers.IntegerField()
    atc = serializers.CharField()
    packs = serializers.IntegerField(help_text="in stock")
    is_sold = serializers.BooleanField(help_text="false: may not be prescribed online")
    control_class = serializers.SerializerMethodField()

    def get_control_class(self, drug: Drug) -> str:
        return medicine_of(drug).control_class


class LineOutput(serializers.Serializer[Line]):
    drug = serializers.UUIDField(source="drug.public_id")
    name = serializers.CharField(source="drug.name")
    pack = serializers.CharField(source="drug.pack")
    dose = DoseField()
    dose_unit = serializers.CharField()
    frequency = serializers.CharField()
    route = serializers.CharField()
    days = serializers.IntegerField()
    packs = serializers.IntegerField()
    price_fen = serializers.IntegerField()
    sig = serializers.SerializerMethodField(help_text="for clinicians")
    says = serializers.SerializerMethodField(help_text="for patients")

    def get_sig(self, line: Line) -> str:
        return sig(line.dose, line.dose_unit, line.frequency, line.route)

    def get_says(self, line: Line) -> str:
        return for_patient(
            medicine_of(line.drug), line.dose, line.dose_unit, line.frequency, line.route
        )


class FindingOutput(serializers.Serializer[Any]):
    rule = serializers.CharField()
    register = serializers.CharField()
    law = serializers.CharField()
    severity = serializers.ChoiceField(choices=["block", "reason", "info"])
    line = serializers.IntegerField(allow_null=True)
    says = serializers.CharField()
    says_en = serializers.CharField()
    todo = serializers.CharField()
    evidence = serializers.DictField()
    answered = serializers.BooleanField(required=False)
    terminate = serializers.BooleanField(required=False)


class TrackOutput(serializers.Serializer[Any]):
    status = serializers.CharField()
    words = serializers.CharField()
    at = serializers.DateTimeField()


class DeliveryOutput(serializers.Serializer[Delivery]):
    public_id = serializers.UUIDField()
    mode = serializers.CharField()
    state = serializers.CharField()
    fee_fen = serializers.IntegerField()
    waybill = serializers.CharField(allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    tracks = TrackOutput(many=True)


class PrescriptionOutput(serializers.Serializer[Any]):
    public_id = serializers.UUIDField()
    number = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.CharField()
    consultation = serializers.UUIDField()
    patient = serializers.UUIDField()
    doctor = serializers.CharField()
    kind = serializers.CharField()
    diagnoses = serializers.ListField(child=serializers.DictField())
    lines = LineOutput(many=True)
    amount_fen = serializers.IntegerField()
    signed_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)
    digest = serializers.CharField()
    reviewer = serializers.CharField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    review_note = serializers.CharField(help_text="empty for patients unless refused")
    reason = serializers.CharField(help_text="empty for patients")
    charge = serializers.UUIDField(allow_null=True)
    delivery = DeliveryOutput(allow_null=True)
    decision = serializers.CharField(required=False, help_text="pass, reason or block")
    findings = FindingOutput(many=True, required=False)


def shown(
    prescription: Prescription,
    user: Any,
    *,
    decision: str | None = None,
    findings: Sequence[Any] | None = None,
) -> dict[str, Any]:
    """A prescription as this person may see it."""
    works_here = user.holds(Role.DOCTOR) or user.holds(Role.PHARMACIST)
    delivery = getattr(prescription, "delivery", None)
    row = {
        "public_id": prescription.public_id,
        "number": prescription.number,
        "version": prescription.version,
        "state": prescription.state,
        "consultation": prescription.consultation.public_id,
        "patient": prescription.patient.public_id,
        "doctor": prescription.doctor.name,
        "kind": prescription.kind,
        "diagnoses": prescription.diagnoses,
        "lines": list(prescription.lines.all()),
        "amount_fen": prescription.amount_fen,
        "signed_at": prescription.signed_at,
        "valid_until": prescription.valid_until,
        "digest": prescription.digest,
        "reviewer": prescription.reviewer.name if prescription.reviewer else None,
        "reviewed_at": prescription.reviewed_at,
        "review_note": _note(prescription, works_here=works_here),
        "reason": prescription.reason if works_here else "",
        "charge": prescription.charge.public_id if prescription.charge else None,
        "delivery": delivery,
    }
    if decision is not None and works_here:
        row |= {"decision": decision, "findings": findings or []}
    told: dict[str, Any] = dict(PrescriptionOutput(row).data)
    return told


def _note(prescription: Prescription, *, works_here: bool) -> str:
    return prescription.review_note if works_here or prescription.state == "rejected" else ""
