"""Who works here, under which licence, who receives patients, who is on duty."""

from doctors.selectors.credentials import (
    EXPIRES_SOON,
    credential_for_share,
    credentials_visible_to,
    days_left,
    locked_credential,
)
from doctors.selectors.duty import (
    duties_in_week,
    midnight,
    next_pharmacist_at,
    on_duty,
    own_duties,
    pharmacist_on_duty,
    rostered,
    week_of,
)
from doctors.selectors.finding import (
    Branch,
    behind,
    called,
    named,
    staff,
    staff_after,
    staffed,
    within,
)
from doctors.selectors.people import (
    clinician_of,
    departments,
    every_department,
    posts_of,
    practising,
)
from doctors.selectors.services import receiving, service_of

__all__ = [
    "EXPIRES_SOON",
    "Branch",
    "behind",
    "called",
    "clinician_of",
    "credential_for_share",
    "credentials_visible_to",
    "days_left",
    "departments",
    "duties_in_week",
    "every_department",
    "locked_credential",
    "midnight",
    "named",
    "next_pharmacist_at",
    "on_duty",
    "own_duties",
    "pharmacist_on_duty",
    "posts_of",
    "practising",
    "receiving",
    "rostered",
    "service_of",
    "staff",
    "staff_after",
    "staffed",
    "week_of",
    "within",
]
