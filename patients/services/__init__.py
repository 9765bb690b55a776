"""What can be done with patients: make known, link, agree, tell, read.

Each story has a file of its own; callers know this module only.
"""

from patients.services.addresses import add_address, remove_address
from patients.services.answering import answer, skip, stop_medicine
from patients.services.bills import KIND as BILL
from patients.services.bills import (
    bill_expired,
    bill_settled,
    order_bill,
    sweep_bills,
    tell_bill,
)
from patients.services.consents import ask_consent_code, consent, consent_by_code, withdraw
from patients.services.corrections import ask_correction, make_correction, refuse_correction
from patients.services.evidence import KIND as EVIDENCE
from patients.services.evidence import (
    confirm_evidence,
    refuse_evidence,
    revoke_evidence,
    submit_evidence,
    sweep_evidence,
    withdraw_evidence,
)
from patients.services.exports import ask_export, make_export, open_export, sweep_exports
from patients.services.glasses import (
    break_glass,
    end_glass,
    justify_glass,
    object_to_glass,
    sweep_glasses,
)
from patients.services.health import set_health
from patients.services.holds import differences, lift_hold, place_hold
from patients.services.leaving import close_account
from patients.services.linking import end_link, sweep_links
from patients.services.notes import note_medicine, note_visit, withdraw_medicine
from patients.services.one_disease import name_one_disease, take_back_one_disease
from patients.services.protecting import protect, unprotect
from patients.services.reading import note_read
from patients.services.record import (
    HealthRecord,
    open_contact,
    open_reached,
    open_record,
    open_under_glass,
)
from patients.services.registering import ask_code, refresh, register, register_family
from patients.services.reports import open_reports
from patients.services.retaining import purge
from patients.services.shares import (
    agree_to_share,
    ask_consult,
    decline_share,
    end_consults,
    end_share,
    share,
    sweep_shares,
)
from patients.services.texts import discard_draft, publish_text, write_draft
from patients.services.unmasking import unmask

__all__ = [
    "BILL",
    "EVIDENCE",
    "HealthRecord",
    "add_address",
    "agree_to_share",
    "answer",
    "ask_code",
    "ask_consent_code",
    "ask_consult",
    "ask_correction",
    "ask_export",
    "bill_expired",
    "bill_settled",
    "break_glass",
    "close_account",
    "confirm_evidence",
    "consent",
    "consent_by_code",
    "decline_share",
    "differences",
    "discard_draft",
    "end_consults",
    "end_glass",
    "end_link",
    "end_share",
    "justify_glass",
    "lift_hold",
    "make_correction",
    "make_export",
    "name_one_disease",
    "note_medicine",
    "note_read",
    "note_visit",
    "object_to_glass",
    "open_contact",
    "open_export",
    "open_reached",
    "open_record",
    "open_reports",
    "open_under_glass",
    "order_bill",
    "place_hold",
    "protect",
    "publish_text",
    "purge",
    "refresh",
    "refuse_correction",
    "refuse_evidence",
    "register",
    "register_family",
    "remove_address",
    "revoke_evidence",
    "set_health",
    "share",
    "skip",
    "stop_medicine",
    "submit_evidence",
    "sweep_bills",
    "sweep_evidence",
    "sweep_exports",
    "sweep_glasses",
    "sweep_links",
    "sweep_shares",
    "take_back_one_disease",
    "tell_bill",
    "unmask",
    "unprotect",
    "withdraw",
    "withdraw_evidence",
    "withdraw_medicine",
    "write_draft",
]
