"""Consultations, how they go from one doctor to another, and what patients may read of doctors."""

from hospital.consultations.models.handover import Handover
from hospital.consultations.models.standing import Standing
from hospital.consultations.models.visits import Consultation, Message, Rating, Reading

__all__ = ["Consultation", "Handover", "Message", "Rating", "Reading", "Standing"]
