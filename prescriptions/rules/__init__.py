"""The law of prescribing as pure functions over plain facts: no framework, no rows, no clock.

`decide(Proposal)` answers whether it may be signed; `BEFORE_SIGNING` is every rule it asks.
"""

from prescriptions.rules.before_signing import BEFORE_SIGNING
from prescriptions.rules.decision import ENGINE_VERSION, Decision, Outcome, decide
from prescriptions.rules.facts import Line, Proposal, UnknownDrug
from prescriptions.rules.people import (
    Allergy,
    CurrentMedicine,
    Doctor,
    Evidence,
    Patient,
    SameDisease,
    Visit,
)
from prescriptions.rules.policy import Policy

__all__ = [
    "BEFORE_SIGNING",
    "ENGINE_VERSION",
    "Allergy",
    "CurrentMedicine",
    "Decision",
    "Doctor",
    "Evidence",
    "Line",
    "Outcome",
    "Patient",
    "Policy",
    "Proposal",
    "SameDisease",
    "UnknownDrug",
    "Visit",
    "decide",
]
