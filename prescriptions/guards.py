"""What PostgreSQL itself refuses, whoever asks: an edit after the signature, a step that the
lifecycle does not have, a second dispensing, a changed word of the courier.

The edges are read from the lifecycles, so that table and trigger cannot disagree.
"""

from typing import Final

import pgtrigger
from pgtrigger import Q

from hospital.kernel import guards
from prescriptions.lifecycle import DELIVERY, LIFECYCLE, DeliveryState, State

# Whose prescription it is stands from the first moment.
_ORIGIN: Final = (
    "public_id",
    "number",
    "version",
    "supersedes",
    "consultation",
    "patient",
    "doctor",
    "begun_at",
)
# Columns that the doctor signs, and the signature.
_SIGNED: Final = (
    "kind",
    "diagnoses",
    "reason",
    "second_signature",
    "long_term_evaluation",
    "patient_confirmed_long_term",
    "extension_days",
    "text",
    "digest",
    "decision_id",
    "signed_at",
    "doctor_key",
    "doctor_signature",
    "doctor_verification",
    "valid_until",
    "amount_fen",
)
_REVIEW: Final = (
    "reviewer_id",
    "reviewed_at",
    "review_note",
    "pharmacist_key",
    "pharmacist_signature",
    "reviewed_digest",
)


def _frozen_unless(state: State, columns: tuple[str, ...], *, name: str) -> pgtrigger.Protect:
    """None of `columns` is changed in a row that is not in `state`."""
    where = f"OLD.state <> '{state.value}' AND ({guards.changed(*columns)})"
    return guards.stands(name=name, where=where)


_ANOTHER_PERSON: Final = """
    IF NEW.reviewer_id IS NOT NULL AND EXISTS (
        SELECT FROM doctors_clinician a JOIN doctors_clinician b ON a.user_id = b.user_id
        WHERE a.id = NEW.reviewer_id AND b.id = NEW.doctor_id
    ) THEN RAISE EXCEPTION 'nobody reviews their own prescription'; END IF;
    RETURN NEW;
"""

OF_A_PRESCRIPTION: Final = [
    pgtrigger.FSM(name="only_its_steps", field="state", transitions=LIFECYCLE.edges),
    pgtrigger.Protect(
        name="begins_as_draft", operation=pgtrigger.Insert, condition=~Q(new__state=State.DRAFT)
    ),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.ReadOnly(name="origin_stands", fields=list(_ORIGIN)),
    _frozen_unless(State.DRAFT, _SIGNED, name="signed_stands"),
    _frozen_unless(State.SIGNED, _REVIEW, name="review_stands"),
    pgtrigger.Trigger(
        name="reviewed_by_another",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Insert,
        func=_ANOTHER_PERSON,
    ),
]

_OF_A_DRAFT: Final = """
    IF (SELECT state FROM prescriptions_prescription
        WHERE id = COALESCE(NEW.prescription_id, OLD.prescription_id)) <> 'draft'
    THEN RAISE EXCEPTION 'the lines of a signed prescription stand'; END IF;
    RETURN COALESCE(NEW, OLD);
"""

OF_A_LINE: Final = [
    pgtrigger.Protect(name="written_anew", operation=pgtrigger.Update),
    pgtrigger.Trigger(
        name="of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Delete,
        func=_OF_A_DRAFT,
    ),
]

_OF_AN_APPROVED: Final = """
    IF (SELECT state FROM prescriptions_prescription WHERE id = NEW.prescription_id) <> 'approved'
    THEN RAISE EXCEPTION 'only an approved prescription is dispensed'; END IF;
    RETURN NEW;
"""

_DISPENSED_BY_ANOTHER: Final = """
    IF EXISTS (
        SELECT FROM prescriptions_prescription p
        JOIN doctors_clinician a ON a.id = NEW.by_id
        JOIN doctors_clinician b ON b.id = p.doctor_id AND b.user_id = a.user_id
        WHERE p.id = NEW.prescription_id
    ) THEN RAISE EXCEPTION 'nobody dispenses their own prescription'; END IF;
    RETURN NEW;
"""

OF_A_TRACK: Final = guards.append_only()

OF_A_DISPENSING: Final = [
    *guards.append_only_plain(),
    pgtrigger.Trigger(
        name="of_an_approved",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_OF_AN_APPROVED,
    ),
    pgtrigger.Trigger(
        name="dispensed_by_another",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=_DISPENSED_BY_ANOTHER,
    ),
]

_DISPENSED_FIRST: Final = """
    IF (SELECT state FROM prescriptions_prescription WHERE id = NEW.prescription_id) <> 'dispensed'
    THEN RAISE EXCEPTION 'nothing leaves the pharmacy before it is dispensed'; END IF;
    RETURN NEW;
"""

OF_A_DELIVERY: Final = [
    pgtrigger.FSM(name="only_its_steps", field="state", transitions=DELIVERY.edges),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
    pgtrigger.Protect(
        name="begins_ordered",
        operation=pgtrigger.Insert,
        condition=~Q(new__state=DeliveryState.ORDERED),
    ),
    pgtrigger.Protect(
        name="skips_the_courier_at_the_window_only",
        operation=pgtrigger.Update,
        condition=Q(old__state=DeliveryState.PACKED, new__state=DeliveryState.DELIVERED)
        & ~Q(new__mode="window"),
    ),
    pgtrigger.Trigger(
        name="dispensed_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=Q(new__state__in=[DeliveryState.SHIPPED, DeliveryState.DELIVERED]),
        func=_DISPENSED_FIRST,
    ),
]
