"""The only door to the rows of this room. Whoever asks is always known."""

from hospital.consultations.selectors.consultations import (
    acting_for,
    ahead_of,
    attended_by,
    going_on,
    locked,
    of_stream,
    places_held,
    readable_patients,
    visible_to,
)
from hospital.consultations.selectors.eligibility import (
    eligibility_facts,
    evidence_of,
    has_treated,
    locked_service,
    name_of,
    named_diagnoses,
    proven,
)
from hospital.consultations.selectors.finding import (
    ONLY,
    Wish,
    doctors,
    doctors_after,
)
from hospital.consultations.selectors.handovers import (
    asked,
    colleagues_for,
    due_handovers,
    latest_handover,
    locked_handover,
    needless_handovers,
    offered_to,
    open_handover,
    stranded,
)
from hospital.consultations.selectors.messages import (
    messages_after,
    read_by,
    read_upto,
    said_before,
    shown,
)
from hospital.consultations.selectors.places import places_left
from hospital.consultations.selectors.practice import holds_practice, practising_now
from hospital.consultations.selectors.receiving import availability, receiving_now
from hospital.consultations.selectors.standing import Figures, figures_of, licence_of, ratings_of
from hospital.consultations.selectors.worklist import accepted_today, with_last_words, worklist

__all__ = [
    "ONLY",
    "Figures",
    "Wish",
    "accepted_today",
    "acting_for",
    "ahead_of",
    "asked",
    "attended_by",
    "availability",
    "colleagues_for",
    "doctors",
    "doctors_after",
    "due_handovers",
    "eligibility_facts",
    "evidence_of",
    "figures_of",
    "going_on",
    "has_treated",
    "holds_practice",
    "latest_handover",
    "licence_of",
    "locked",
    "locked_handover",
    "locked_service",
    "messages_after",
    "name_of",
    "named_diagnoses",
    "needless_handovers",
    "of_stream",
    "offered_to",
    "open_handover",
    "places_held",
    "places_left",
    "practising_now",
    "proven",
    "ratings_of",
    "read_by",
    "read_upto",
    "readable_patients",
    "receiving_now",
    "said_before",
    "shown",
    "stranded",
    "visible_to",
    "with_last_words",
    "worklist",
]
