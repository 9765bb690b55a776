"""JSON doors of the consultations."""

from hospital.consultations.api.attending import Accept, Close, Decline, Refer, TakeOver
from hospital.consultations.api.finding import ListDoctors, ReadDoctor
from hospital.consultations.api.messages import Messages
from hospital.consultations.api.ordering import (
    Cancel,
    Consultations,
    Eligibility,
    Rate,
    ReadConsultation,
)

__all__ = [
    "Accept",
    "Cancel",
    "Close",
    "Consultations",
    "Decline",
    "Eligibility",
    "ListDoctors",
    "Messages",
    "Rate",
    "ReadConsultation",
    "ReadDoctor",
    "Refer",
    "TakeOver",
]
