"""Consultations, and what patients may read about the doctors who attend them."""

from hospital.consultations.models.standing import Standing
from hospital.consultations.models.visits import Consultation, Message, Rating, Reading

__all__ = ["Consultation", "Message", "Rating", "Reading", "Standing"]
