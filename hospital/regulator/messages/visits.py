"""VISIT, when a consultation has ended; EVAL, when the patient has said how it was."""

import json
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings

from hospital.consultations.lifecycle import State
from hospital.consultations.models import Consultation
from hospital.kernel.calendar import local_date
from hospital.regulator import selectors
from hospital.regulator.messages.message import Message, person, practitioner, written
from hospital.regulator.news import News

OUTCOMES: Final = {State.CLOSED: "completed", State.REFERRED: "terminated"}
POINTS_PER_STAR: Final = 2  # stars go to five, points to ten


def visit(news: News) -> Message:
    consultation = selectors.consultation(news.thing)
    return Message(
        biz_id=str(consultation.public_id),
        payload={
            "visit_no": str(consultation.public_id),
            "type": consultation.kind,
            "patient": person(consultation.patient),
            "doctor": practitioner(consultation.doctor),
            **_first_visit(consultation),
            "doctor_verify": _verified(consultation),
            "start": written(consultation.accepted_at),
            "end": written(consultation.ended_at),
            "mode": "text",
            "outcome": OUTCOMES[State(consultation.state)],
            "terminate_reason": consultation.end_reason,
            "messages": consultation.last_seq,
            "process_url": f"{settings.PUBLIC_URL}/admin/cases/{consultation.public_id}/",
        },
    )


def _first_visit(consultation: Consultation) -> dict[str, Any]:
    """Where and when this very disease was first diagnosed in person, and what shows it.

    Read from the decision that admitted the visit. Advice needs no earlier visit: then empty.
    """
    decision = consultation.eligibility
    facts = json.loads(decision.facts) if decision else {}
    codes = [each["code"] for each in consultation.diagnoses]
    shown = [each for each in facts.get("evidence", ()) if _is_of(each["diagnosis"], codes)]
    days = min((each["days_ago"] for each in shown), default=None)
    seen: date | None = None
    if decision is not None and days is not None:
        seen = local_date(decision.at) - timedelta(days=days)
    return {
        "first_visit_org": settings.REGULATOR_ORG_CODE if shown else "",
        "first_visit_date": str(seen or ""),
        "original_dx": consultation.diagnoses,
        "evidence_types": sorted({each["kind"] for each in shown}),
    }


def _is_of(diagnosis: str, codes: Iterable[str]) -> bool:
    """The same disease: the same three-character category of ICD-10."""
    return any(diagnosis[:3] == code[:3] for code in codes)


def _verified(consultation: Consultation) -> dict[str, str]:
    """How the doctor had proved to be themselves before accepting (R-13)."""
    assert consultation.verification is not None, "accepted by somebody unverified"
    proof = selectors.verification(consultation.verification)
    return {"method": proof.method, "time": written(proof.at), "result": "pass"}


def evaluation(news: News) -> Message:
    rating = selectors.rating(news.thing)
    return Message(
        biz_id=str(rating.public_id),
        payload={
            "eval_no": str(rating.public_id),
            "visit_no": str(rating.consultation.public_id),
            "satisfaction": rating.stars,
            "score": rating.stars * POINTS_PER_STAR,
            "text": rating.text,
            "time": written(rating.at),
        },
    )
