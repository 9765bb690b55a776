"""How what patients ask of us lives, whom they let in, their bills and their papers."""

from patients.lifecycle.bills import BILL_PAYMENT, BillPaymentState
from patients.lifecycle.evidence import EVIDENCE, EvidenceState
from patients.lifecycle.letting_in import GLASS, SHARE, GlassState, ShareState
from patients.lifecycle.rights import (
    CORRECTION,
    DRAFT,
    EXPORT,
    HOLD,
    CorrectionState,
    DraftState,
    ExportState,
    HoldState,
)

__all__ = [
    "BILL_PAYMENT",
    "CORRECTION",
    "DRAFT",
    "EVIDENCE",
    "EXPORT",
    "GLASS",
    "HOLD",
    "SHARE",
    "BillPaymentState",
    "CorrectionState",
    "DraftState",
    "EvidenceState",
    "ExportState",
    "GlassState",
    "HoldState",
    "ShareState",
]
