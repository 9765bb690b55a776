"""Which patients, links and consents a person may see, and the facts that rules ask for."""

from patients.facts import (
    CurrentMedicine,
    KnownAllergy,
    allergies,
    current_medicines,
    egfr,
    evidence,
)
from patients.selectors.consents import (
    consents_current,
    consents_of,
    consents_of_all,
    has_consent,
    newest_texts,
    texts_needed,
)
from patients.selectors.people import (
    addresses_of,
    link_of,
    linked_to,
    links_of,
    locked,
    visible_to,
)
from patients.selectors.reports import (
    MOST_VALUES,
    abnormal_counts,
    observations_behind,
    reports_visible_to,
)

__all__ = [
    "MOST_VALUES",
    "CurrentMedicine",
    "KnownAllergy",
    "abnormal_counts",
    "addresses_of",
    "allergies",
    "consents_current",
    "consents_of",
    "consents_of_all",
    "current_medicines",
    "egfr",
    "evidence",
    "has_consent",
    "link_of",
    "linked_to",
    "links_of",
    "locked",
    "newest_texts",
    "observations_behind",
    "reports_visible_to",
    "texts_needed",
    "visible_to",
]
