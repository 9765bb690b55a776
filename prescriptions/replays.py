"""A proposal as it is stored with a decision, and back: so that a decision can be taken again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hospital.consultations.rules.facts import NOT_GATHERED
from hospital.policy.values import Policy
from prescriptions import rules
from prescriptions.rules import terms
from prescriptions.selectors.proposals import policy_of


def plain(proposal: rules.Proposal) -> dict[str, Any]:
    """The facts alone: the policy is stored by its version."""
    told = asdict(proposal)
    del told["policy"]
    return told


def replay(facts: Mapping[str, Any], policy: Policy) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The same question under any version of the policy."""
    decision = rules.decide(proposal_from(facts, policy))
    return decision.outcome.value, findings_of(decision)


def findings_of(decision: rules.Decision) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = decision.as_dict()["findings"]
    return findings


def proposal_from(facts: Mapping[str, Any], policy: Policy) -> rules.Proposal:
    return rules.Proposal(
        at=datetime.fromisoformat(facts["at"]),
        patient=_patient(facts["patient"]),
        visit=_visit(facts["visit"]),
        doctor=_doctor(facts["doctor"]),
        lines=tuple(_line(each) for each in facts["lines"]),
        reason=facts["reason"],
        second_signature=facts["second_signature"],
        long_term_evaluation=facts["long_term_evaluation"],
        patient_confirmed_long_term=facts["patient_confirmed_long_term"],
        extension_days=facts["extension_days"],
        policy=policy_of(policy),
        fulfilment=terms.Fulfilment(facts["fulfilment"]),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _patient(told: Mapping[str, Any]) -> rules.Patient:
    return rules.Patient(
        **{
            **told,
            "birth_date": date.fromisoformat(told["birth_date"]),
            "sex": terms.Sex(told["sex"]),
            "weight_kg": _number(told["weight_kg"]),
            "pregnancy": terms.Pregnancy(told["pregnancy"]),
            "egfr": _number(told["egfr"]),
            "liver": terms.Liver(told["liver"]),
            "allergies": tuple(
                rules.Allergy(each["to"], terms.Reaction(each["reaction"]))
                for each in told["allergies"]
            ),
            "current_medicines": tuple(
                rules.CurrentMedicine(**each) for each in told["current_medicines"]
            ),
        }
    )


def _visit(told: Mapping[str, Any]) -> rules.Visit:
    return rules.Visit(
        diagnoses=tuple(told["diagnoses"]),
        evidence=tuple(
            rules.Evidence(
                each["diagnosis"],
                each["days_ago"],
                terms.EvidenceKind(each["kind"]),
                terms.Hospital(each["hospital"]),
                department=each.get("department", NOT_GATHERED),
                read_by=each.get("read_by", ""),
            )
            for each in told["evidence"]
        ),
        same_diseases=tuple(rules.SameDisease(**each) for each in told.get("same_diseases", ())),
        kind=terms.VisitKind(told["kind"]),
        state=terms.VisitState(told["state"]),
    )


def _doctor(told: Mapping[str, Any]) -> rules.Doctor:
    right = told["antimicrobial_right"]
    return rules.Doctor(
        **{
            **told,
            "title": terms.Title(told["title"]),
            "independent_practice_years": Decimal(told["independent_practice_years"]),
            "identity_verified_minutes_ago": _number(told["identity_verified_minutes_ago"]),
            "antimicrobial_right": None if right is None else terms.Right(right),
        }
    )


def _line(told: Mapping[str, Any]) -> rules.Line:
    return rules.Line(
        **{
            **told,
            "dose": _number(told["dose"]),
            "kind": terms.Kind(told["kind"]),
            "strength": _number(told["strength"]),
        }
    )
