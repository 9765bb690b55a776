"""The only door to the rows of this room. Whoever asks is always known."""

from prescriptions.selectors.pharmacy import drug_named, drugs_by_id, formulary_matching
from prescriptions.selectors.proposals import Ruling, judged, proposal_for
from prescriptions.selectors.queues import (
    awaiting_review,
    expired,
    readable_patients,
    returned_to,
    reviewed_today,
    silent_parcels,
    to_be_had,
    to_dispense,
)
from prescriptions.selectors.rows import (
    draft_of,
    earlier_of,
    is_authentic,
    locked,
    locked_delivery,
    of_subject,
    sets_of,
    visible_to,
)

__all__ = [
    "Ruling",
    "awaiting_review",
    "draft_of",
    "drug_named",
    "drugs_by_id",
    "earlier_of",
    "expired",
    "formulary_matching",
    "is_authentic",
    "judged",
    "locked",
    "locked_delivery",
    "of_subject",
    "proposal_for",
    "readable_patients",
    "returned_to",
    "reviewed_today",
    "sets_of",
    "silent_parcels",
    "to_be_had",
    "to_dispense",
    "visible_to",
]
