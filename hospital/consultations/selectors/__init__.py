"""The only door to the rows of this room. Whoever asks is always known."""

from hospital.consultations.selectors.consultations import (
    acting_for,
    attended_by,
    locked,
    of_stream,
    readable_patients,
    visible_to,
    worklist,
)
from hospital.consultations.selectors.eligibility import (
    acting_as_guardian,
    eligibility_facts,
    evidence_of,
    locked_service,
    named_diagnoses,
)
from hospital.consultations.selectors.finding import (
    doctors,
    doctors_after,
    figures_of,
    places_left,
    ratings_of,
)
from hospital.consultations.selectors.messages import messages_after, read_upto, said_before, shown

__all__ = [
    "acting_as_guardian",
    "acting_for",
    "attended_by",
    "doctors",
    "doctors_after",
    "eligibility_facts",
    "evidence_of",
    "figures_of",
    "locked",
    "locked_service",
    "messages_after",
    "named_diagnoses",
    "of_stream",
    "places_left",
    "ratings_of",
    "read_upto",
    "readable_patients",
    "said_before",
    "shown",
    "visible_to",
    "worklist",
]
