"""Accounts, their sessions and second factors, and the counters that slow guessing down."""

from hospital.accounts.models.people import User
from hospital.accounts.models.proofs import Code, Factor, Guess, Verification
from hospital.accounts.models.sittings import Device, IdempotencyKey, Sitting

__all__ = [
    "Code",
    "Device",
    "Factor",
    "Guess",
    "IdempotencyKey",
    "Sitting",
    "User",
    "Verification",
]
