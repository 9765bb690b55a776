"""Every table of the back office, and who may look at it."""

from admin_portal.admin import (
    accounts,
    audit,
    bills,
    consultations,
    credentials,
    glasses,
    his,
    imports,
    patients,
    payments,
    policy,
    prescriptions,
    regulator,
    rights,
    roles,
    training,
)

__all__ = [
    "accounts",
    "audit",
    "bills",
    "consultations",
    "credentials",
    "glasses",
    "his",
    "imports",
    "patients",
    "payments",
    "policy",
    "prescriptions",
    "regulator",
    "rights",
    "roles",
    "training",
]
