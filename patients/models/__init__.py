"""Patients, who may act for them, what they agreed to, what is known of their health.

And who else was let in: 急诊查阅, shares.
"""

from patients.models.bills import BillPayment
from patients.models.consents import Consent, ConsentDraft, ConsentText
from patients.models.evidence import Evidence, EvidencePage, SameDisease
from patients.models.glasses import Glass
from patients.models.health import Allergy, Answer, Medicine, OnlineVisit
from patients.models.holds import LegalHold, Sealed
from patients.models.people import Address, Link, Patient
from patients.models.protections import Protection
from patients.models.rights import Correction, Export
from patients.models.shares import RecordGrant, Share
from patients.models.unmaskings import Unmasking

__all__ = [
    "Address",
    "Allergy",
    "Answer",
    "BillPayment",
    "Consent",
    "ConsentDraft",
    "ConsentText",
    "Correction",
    "Evidence",
    "EvidencePage",
    "Export",
    "Glass",
    "LegalHold",
    "Link",
    "Medicine",
    "OnlineVisit",
    "Patient",
    "Protection",
    "RecordGrant",
    "SameDisease",
    "Sealed",
    "Share",
    "Unmasking",
]
