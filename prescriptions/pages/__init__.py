"""Prescriptions as pages: the doctor's drawer, the pharmacist's table, the patient's list."""

from prescriptions.pages.doctor import drawer, formulary, revise, sets, void, written
from prescriptions.pages.patient import (
    collect,
    order,
    prescription,
    prescriptions,
    receive,
    sheet,
)
from prescriptions.pages.pharmacist import dispensary, dispense, review, reviews

__all__ = [
    "collect",
    "dispensary",
    "dispense",
    "drawer",
    "formulary",
    "order",
    "prescription",
    "prescriptions",
    "receive",
    "review",
    "reviews",
    "revise",
    "sets",
    "sheet",
    "void",
    "written",
]
