"""Patients, who may act for them, what they agreed to, what is known of their health."""

from patients.models.consents import Consent, ConsentText
from patients.models.health import Allergy, Medicine, OnlineVisit
from patients.models.people import Address, Link, Patient

__all__ = [
    "Address",
    "Allergy",
    "Consent",
    "ConsentText",
    "Link",
    "Medicine",
    "OnlineVisit",
    "Patient",
]
