"""RX_ISSUE, RX_REVIEW and DISPENSE: what was signed, what was decided, what was handed out."""

from typing import Any, Final

from hospital.kernel.money import yuan
from hospital.regulator import selectors
from hospital.regulator.messages.message import Message, person, practitioner, written
from hospital.regulator.news import News
from prescriptions.models import Drug, Prescription
from prescriptions.pharmacy import medicine_of
from prescriptions.texts import says

RESULTS: Final = {"approve": "pass", "return": "return", "reject": "reject"}
ALGORITHM: Final = "ECDSA-P256-SHA256"
DAYS_A_WEEK: Final = 7


def version_id(prescription: Prescription) -> str:
    """Each version is a fact of its own: a returned one stays on the record beside the next."""
    return f"{prescription.number}-{prescription.version}"


def issue(news: News) -> Message:
    prescription = selectors.prescription(news.thing)
    text, drugs = says(prescription), selectors.drugs_of(prescription)
    lines, days = enumerate(text["lines"], 1), max(line["days"] for line in text["lines"])
    return Message(
        biz_id=version_id(prescription),
        payload={
            **_numbers(prescription),
            "patient": person(prescription.patient),
            "doctor": practitioner(prescription.doctor),
            "rx_type": "long_term" if text["long_term_evaluation"] else "general",
            "category": text["kind"],
            "dx": text["diagnoses"],
            "items": [_item(number, line, drugs, text) for number, line in lines],
            "long_term": {
                "is": text["long_term_evaluation"],
                "weeks": -(-days // DAYS_A_WEEK),
                "patient_confirm": text["patient_confirmed_long_term"],
            },
            "valid_until": text["valid_until"],
            "total_fee": yuan(text["amount_fen"]),
            "rule_check": _rule_check(prescription),
            "sign": {
                "sn": str(prescription.doctor_key),
                "time": text["signed_at"],
                "alg": ALGORITHM,
                "digest": prescription.digest,
                "value": prescription.doctor_signature,
            },
        },
    )


def _numbers(prescription: Prescription) -> dict[str, Any]:
    return {
        "rx_no": prescription.number,
        "version": prescription.version,
        "visit_no": str(prescription.consultation.public_id),
    }


def _item(
    number: int, line: dict[str, Any], drugs: dict[str, Drug], text: dict[str, Any]
) -> dict[str, Any]:
    drug = drugs[line["drug"]]
    return {
        "line": number,
        "drug_code": line["drug"],
        "name": drug.name,
        "strength": drug.strength,
        "pack": line["pack"],
        "form": medicine_of(drug).form,
        "atc": drug.atc,
        "route": line["route"],
        "single_dose": line["dose"],
        "unit": line["dose_unit"],
        "freq": line["frequency"],
        "days": line["days"],
        "qty": line["packs"],
        "qty_unit": "盒",
        "price": yuan(line["price_fen"]),
        "over_dose_reason": text["reason"],
    }


def _rule_check(prescription: Prescription) -> dict[str, Any]:
    decision = prescription.decision
    assert decision is not None, "signed without a decision"
    return {
        "engine_ver": decision.engine_version,
        "data_ver": decision.data_version,
        "decision": str(decision.public_id),
        "outcome": decision.outcome,
        "hits": decision.rules,
    }


def withdrawal(news: News) -> Message | None:
    """A signed prescription that became void is taken back; a draft was never reported."""
    prescription = selectors.prescription(news.thing)
    if prescription.signed_at is None:
        return None
    payload = {**_numbers(prescription), "time": written(news.at)}
    return Message(version_id(prescription), payload, op="CANCEL")


def review(news: News) -> Message:
    prescription = selectors.prescription(news.thing)
    pharmacist = prescription.reviewer
    assert pharmacist is not None, "reviewed by nobody"
    return Message(
        biz_id=version_id(prescription),
        payload={
            **_numbers(prescription),
            "result": RESULTS[news.step],
            "reasons": [prescription.review_note] if prescription.review_note else [],
            "pharmacist": practitioner(pharmacist),
            "time": written(news.at),
            "sign": {
                "sn": str(prescription.pharmacist_key or ""),
                "alg": ALGORITHM,
                "digest": prescription.reviewed_digest,
                "value": prescription.pharmacist_signature,
            },
        },
    )


def dispensing(news: News) -> Message:
    prescription = selectors.prescription(news.thing)
    handed_out, pharmacist = prescription.dispensing, prescription.reviewer
    assert pharmacist is not None, "dispensed unreviewed"
    return Message(
        biz_id=prescription.number,
        payload={
            **_numbers(prescription),
            "pharmacy": "hospital",
            "dispenser": practitioner(handed_out.by),
            "checker": practitioner(pharmacist),
            "time": written(handed_out.at),
            "batch_no": handed_out.batches,
            "trace_code": [],
        },
    )
