"""Accounts, their sessions and second factors, and the counters that slow guessing down."""

from hospital.accounts.models.changes import RoleChange
from hospital.accounts.models.people import User
from hospital.accounts.models.phones import FormerPhone, Recall
from hospital.accounts.models.proofs import Code, Factor, Guess, Verification
from hospital.accounts.models.sittings import Device, IdempotencyKey, Seat, Sitting

__all__ = [
    "Code",
    "Device",
    "Factor",
    "FormerPhone",
    "Guess",
    "IdempotencyKey",
    "Recall",
    "RoleChange",
    "Seat",
    "Sitting",
    "User",
    "Verification",
]
