"""Gather the facts, ask the rules, keep what they said."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from doctors.models import Clinician
from hospital.consultations import rules, selectors
from hospital.consultations.models import Consultation
from hospital.consultations.rules.visit import ENGINE
from hospital.kernel.rules import Finding
from hospital.policy import selectors as policies
from hospital.policy import services as policy
from hospital.policy.models import Decision
from patients import selectors as patients
from patients.models import Patient

KIND: Final = "eligibility"
DATA: Final = "his-mirror"
PAPERS: Final = {
    "VISIT-REAL-NAME",
    "VISIT-CONSENT",
    "VISIT-GUARDIAN-CONSENT",
    "VISIT-ALLERGIES",
}


@dataclass(frozen=True)
class Judgement:
    visit: rules.Visit
    outcome: str  # pass | block
    findings: tuple[Finding, ...]
    policy: policies.Current
    as_of: datetime | None  # up to when what the hospital told of the patient is true

    @property
    def passes(self) -> bool:
        return self.outcome == "pass"

    @property
    def lacks_papers(self) -> bool:
        """Whether something is missing that the patient can complete in their own record."""
        return any(finding.rule in PAPERS for finding in self.findings)

    @property
    def may_be_tried(self) -> bool:
        """Whether another choice on the form, of diagnoses or a guardian's, could still pass."""
        has_choice = self.visit.is_followup and len(self.visit.evidence) > 1
        return self.passes or has_choice or self._lacks_only_a_guardian

    @property
    def _lacks_only_a_guardian(self) -> bool:
        lacking = [finding.verdict.evidence.get("missing") for finding in self.findings]
        return lacking == [["guardian-present"]]

    @property
    def data(self) -> str:
        """What it rests on: the mirror, and up to when that is true where it is known."""
        return f"{DATA}@{self.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if self.as_of else DATA

    def as_dict(self) -> dict[str, Any]:
        """As a program reads it."""
        return {
            "decision": self.outcome,
            "policy_version": self.policy.number,
            "engine_version": ENGINE,
            "as_of": self.as_of,
            "findings": [finding.as_dict() for finding in self.findings],
            "evidence": [asdict(each) for each in self.visit.evidence],
        }


@transaction.atomic
def judge(
    user: Any,
    patient: Patient,
    doctor: Clinician,
    kind: str,
    diagnoses: Sequence[str],
    guardian_present: bool,  # noqa: FBT001 - part of the contract
    *,
    at: datetime,
) -> Judgement:
    """Whether `user` may order this now, and why not. Stores nothing: an order is judged anew."""
    return weigh(
        user,
        patient=patient,
        doctor=doctor,
        kind=kind,
        diagnoses=diagnoses,
        guardian_present=guardian_present,
        at=at,
    )


def weigh(user: Any, *, patient: Patient, **facts: Any) -> Judgement:
    """The judgement under the policy in force, inside the caller's transaction."""
    current, as_of = policies.current(), patients.as_of(patient)
    link = patients.link_of(user, patient)
    visit = selectors.eligibility_facts(link=link, patient=patient, policy=current.values, **facts)
    outcome, findings = rules.judge(visit)
    return Judgement(visit, outcome, findings, current, as_of)


def keeper(
    judgement: Judgement,
    *,
    on: Consultation | None,
    by: Any,
    at: datetime,
    about: UUID,
    stream: UUID | None,
) -> Callable[[], Decision]:
    """Stores the judgement when called: now, or after its refusal has undone everything else."""

    def keep() -> Decision:
        return policy.keep(
            KIND,
            on=on,
            by=by,
            at=at,
            about=about,
            stream=stream,
            outcome=judgement.outcome,
            facts=rules.plain(judgement.visit),
            findings=[finding.as_dict() for finding in judgement.findings],
            data_version=judgement.data,
            engine_version=ENGINE,
            policy=judgement.policy.version,
            rules=[finding.rule for finding in judgement.findings],
        )

    return keep
