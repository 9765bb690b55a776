"""Patients, who may act for them, what they agreed to, what is known of their health.

And who else was let in: 急诊查阅, shares.
"""

from patients.models.consents import Consent, ConsentText
from patients.models.glasses import Glass
from patients.models.health import Allergy, Medicine, OnlineVisit
from patients.models.people import Address, Link, Patient
from patients.models.shares import RecordGrant, Share

__all__ = [
    "Address",
    "Allergy",
    "Consent",
    "ConsentText",
    "Glass",
    "Link",
    "Medicine",
    "OnlineVisit",
    "Patient",
    "RecordGrant",
    "Share",
]
