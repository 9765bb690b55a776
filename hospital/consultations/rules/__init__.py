"""Whether somebody may be seen online, as pure functions over plain facts."""

from hospital.consultations.rules.facts import Doctor, Evidence, Terms, Visit, from_plain, plain
from hospital.consultations.rules.visit import BEFORE_ACCEPTING, BEFORE_ORDERING, judge, replay

__all__ = [
    "BEFORE_ACCEPTING",
    "BEFORE_ORDERING",
    "Doctor",
    "Evidence",
    "Terms",
    "Visit",
    "from_plain",
    "judge",
    "plain",
    "replay",
]
