"""The answer to one proposal: what was found, what follows, and under which versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hospital.kernel.rules import Finding, Rule, Severity, check, worst
from prescriptions.formulary import formulary
from prescriptions.rules.before_signing import BEFORE_SIGNING
from prescriptions.rules.facts import Proposal

ENGINE_VERSION = "1.2.0"  # changes whenever a rule's answer may change


class Outcome(StrEnum):
    BLOCK = "block"  # cannot be signed
    REASON = "reason"  # only with a written reason and a second signature
    PASS = "pass"  # noqa: S105 - no secret: it may be signed, and goes to the pharmacist


@dataclass(frozen=True)
class Decision:
    outcome: Outcome
    findings: tuple[Finding, ...]
    is_answered: bool  # a reason and a second signature were there
    policy_version: int
    data_version: str
    engine_version: str = ENGINE_VERSION

    @property
    def may_be_signed(self) -> bool:
        return self.outcome is Outcome.PASS

    @property
    def must_terminate(self) -> bool:
        """The visit itself must end and go on offline."""
        return any(finding.verdict.terminate for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """As it is stored, sent and printed."""
        return {
            "decision": self.outcome,
            "policy_version": self.policy_version,
            "data_version": self.data_version,
            "engine_version": self.engine_version,
            "findings": [self._finding(each) for each in self.findings],
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        answered = self.is_answered and finding.severity is Severity.REASON
        return finding.as_dict() | ({"answered": True} if answered else {})


def decide(proposal: Proposal, rules: Iterable[Rule[Proposal]] = BEFORE_SIGNING) -> Decision:
    """Try every rule; the same proposal, policy, data and engine always get the same answer."""
    findings = check(rules, proposal)
    return Decision(
        outcome=_outcome(worst(findings), is_answered=proposal.is_answered),
        findings=findings,
        is_answered=proposal.is_answered,
        policy_version=proposal.policy.version,
        data_version=formulary().version,
    )


def _outcome(gravest: Severity | None, *, is_answered: bool) -> Outcome:
    if gravest is Severity.BLOCK:
        return Outcome.BLOCK
    return Outcome.REASON if gravest is Severity.REASON and not is_answered else Outcome.PASS
