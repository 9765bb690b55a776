"""Every rule that a prescription must have met before a doctor may sign it."""

from hospital.kernel.rules import Rule
from prescriptions.rules import (
    allergies,
    antimicrobials,
    children,
    contraindications,
    controlled,
    doctor,
    dose,
    duplicates,
    interactions,
    lines,
    patient,
    pregnancy,
    profile,
    supply,
    visit,
)
from prescriptions.rules.facts import Proposal

BEFORE_SIGNING: tuple[Rule[Proposal], ...] = (
    *visit.RULES,
    *doctor.RULES,
    *patient.RULES,
    *children.RULES,
    *controlled.RULES,
    *antimicrobials.RULES,
    *lines.RULES,
    *supply.RULES,
    *dose.RULES,
    *allergies.RULES,
    *contraindications.RULES,
    *pregnancy.RULES,
    *interactions.RULES,
    *duplicates.RULES,
    *profile.RULES,
)
