"""What this room answers when patients ask for a copy, close their account, or time has passed."""

import json
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hospital.accounts.models import User
from patients import closing, exporting, retention
from patients.exporting import Asking, Row, one_by_one
from patients.models import Patient
from prescriptions.lifecycle import DeliveryState
from prescriptions.models import Delivery, Prescription

_UNDER_WAY = (DeliveryState.PACKED, DeliveryState.SHIPPED)


def answer() -> None:
    """Fill the registries of the rooms below."""
    exporting.register(
        "prescriptions",
        title=gettext_lazy("处方"),
        labels={
            "number": gettext_lazy("处方号"),
            "signed_at": gettext_lazy("开具时间"),
            "doctor": gettext_lazy("医生"),
            "diagnoses": gettext_lazy("诊断"),
            "medicines": gettext_lazy("药品"),
            "state_said": gettext_lazy("状态"),
            "reviewed_at": gettext_lazy("审核时间"),
            "dispensed_at": gettext_lazy("发药时间"),
        },
        collect=_prescriptions,
    )
    exporting.register(
        "deliveries",
        title=gettext_lazy("取药和配送"),
        labels={
            "prescription": gettext_lazy("处方号"),
            "state_said": gettext_lazy("状态"),
            "to": gettext_lazy("送到"),
            "waybill": gettext_lazy("运单号"),
            "delivered_at": gettext_lazy("签收时间"),
        },
        collect=_deliveries,
    )
    closing.register("delivery", blocks=_under_way)
    retention.register(
        "prescriptions.record", purge=retention.by_function("prescriptions_purge_records")
    )


def _prescriptions(asking: Asking) -> Iterator[Row]:
    """Those that were signed; a doctor's draft is not yet anybody's prescription."""
    rows = Prescription.objects.filter(patient=asking.patient, signed_at__isnull=False)
    shown = rows.select_related("doctor", "consultation", "reviewer", "dispensing")
    for each in one_by_one(shown.prefetch_related("lines__drug")):
        dispensing = getattr(each, "dispensing", None)
        yield {
            "id": each.public_id,
            "visit": each.consultation.public_id,
            "number": each.number,
            "version": each.version,
            "state": each.state,
            "state_said": each.face.label,
            "doctor": each.doctor.name,
            "diagnoses": each.diagnoses,
            "medicines": [
                f"{line.drug.name} {line.drug.pack} ×{line.packs}" for line in each.lines.all()
            ],
            "signed": json.loads(each.text) if each.text else None,
            "digest": each.digest,
            "doctor_signature": each.doctor_signature,
            "signed_at": each.signed_at,
            "reviewer": each.reviewer.name if each.reviewer else None,
            "reviewed_at": each.reviewed_at,
            "pharmacist_signature": each.pharmacist_signature,
            "valid_until": each.valid_until,
            "amount_fen": each.amount_fen,
            "dispensed_at": dispensing.at if dispensing else None,
        }


def _deliveries(asking: Asking) -> Iterator[Row]:
    rows = Delivery.objects.filter(prescription__patient=asking.patient)
    shown = rows.select_related("prescription__consultation").prefetch_related("tracks")
    for each in one_by_one(shown):
        yield {
            "id": each.public_id,
            "visit": each.prescription.consultation.public_id,
            "prescription": each.prescription.number,
            "mode": each.mode,
            "state": each.state,
            "state_said": each.face.label,
            "to": each.to,
            "fee_fen": each.fee_fen,
            "waybill": each.waybill,
            "shipped_at": each.shipped_at,
            "delivered_at": each.delivered_at,
            "tracks": [{"at": track.at, "words": track.words} for track in each.tracks.all()],
        }


def _under_way(account: User, patients: Sequence[Patient]) -> Iterator[closing.Block]:
    """Medicines that are paid for and not yet with the patient."""
    rows = Delivery.objects.filter(prescription__patient__in=patients, state__in=_UNDER_WAY)
    for each in rows.select_related("prescription__patient").order_by("pk"):
        yield closing.Block(
            "delivery",
            _("%(patient)s的药还没有取到或送到（处方 %(number)s），请等收到以后再注销。")
            % {"patient": each.prescription.patient.name, "number": each.prescription.number},
            reverse("prescriptions:prescription", args=[each.prescription.public_id]),
        )
