"""A rule is one sentence of law as one pure function over plain facts.

It asks nothing of the database or the clock and yields findings. `check` collects the findings
of many rules, `enforce` refuses with all the blocking ones at once, so that nobody has to mend
them one by one. The same tuple of rules yields the page that explains them, `docs/rules.md` and
the tests.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from hospital.kernel.refusals import RuleBroken

Facts = TypeVar("Facts")


class Severity(StrEnum):
    BLOCK = "block"  # may not be done
    REASON = "reason"  # may be done with a stated reason and a second signature
    INFO = "info"  # worth knowing


_ORDER = (Severity.BLOCK, Severity.REASON, Severity.INFO)


@dataclass(frozen=True)
class Verdict:
    """What a rule yields: how grave, which line it concerns, what was seen."""

    severity: Severity
    line: int | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""  # where a rule has more than one sentence; else the rule's own
    says_en: str = ""
    todo: str = ""  # what the person can do about it
    terminate: bool = False  # the visit must end and go on offline


def block(line: int | None = None, **more: Any) -> Verdict:
    return Verdict(Severity.BLOCK, line, **more)


def reason(line: int | None = None, **more: Any) -> Verdict:
    return Verdict(Severity.REASON, line, **more)


def info(line: int | None = None, **more: Any) -> Verdict:
    return Verdict(Severity.INFO, line, **more)


@dataclass(frozen=True)
class Rule(Generic[Facts]):
    id: str  # for ever: it stands in audit rows, tests, regulator messages
    register: str  # the row of the rule register that it enforces, e.g. E04
    source: str  # instrument and article
    says: str
    says_en: str
    todo: str  # what the person can do about it
    judge: Callable[[Facts], Iterator[Verdict]]

    def __call__(self, facts: Facts) -> Iterator["Finding"]:
        for verdict in self.judge(facts):
            yield Finding(self, verdict)


@dataclass(frozen=True)
class Finding:
    """One rule's word on one set of facts, complete enough to show, store and send."""

    of: Rule[Any]
    verdict: Verdict

    @property
    def rule(self) -> str:
        return self.of.id

    @property
    def law(self) -> str:
        return self.of.source

    @property
    def severity(self) -> Severity:
        return self.verdict.severity

    @property
    def line(self) -> int | None:
        return self.verdict.line

    @property
    def says(self) -> str:
        return self.verdict.says or self.of.says

    @property
    def says_en(self) -> str:
        return self.verdict.says_en or self.of.says_en

    @property
    def todo(self) -> str:
        return self.verdict.todo or self.of.todo

    def as_dict(self) -> dict[str, Any]:
        """The finding as a program reads it; its keys are part of the API."""
        out: dict[str, Any] = {
            "rule": self.rule,
            "register": self.of.register,
            "law": self.law,
            "severity": str(self.severity),
            "line": self.line,
            "says": self.says,
            "says_en": self.says_en,
            "todo": self.todo,
            "evidence": dict(self.verdict.evidence),
        }
        return out | ({"terminate": True} if self.verdict.terminate else {})


def rule(
    *, id: str, register: str, source: str, says: str, says_en: str, todo: str = ""
) -> Callable[[Callable[[Facts], Iterator[Verdict]]], Rule[Facts]]:
    return lambda judge: Rule(id, register, source, says, says_en, todo, judge)


def check(rules: Iterable[Rule[Facts]], facts: Facts) -> tuple[Finding, ...]:
    """All findings, in the order of the register, then of the lines."""
    found = [finding for each in rules for finding in each(facts)]
    return tuple(sorted(found, key=_position))


def _position(finding: Finding) -> tuple[str, int, int, str]:
    line = -1 if finding.line is None else finding.line
    return finding.of.register, line, _ORDER.index(finding.severity), finding.rule


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity found, or None where nothing was found."""
    return min((f.severity for f in findings), key=_ORDER.index, default=None)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.severity is Severity.BLOCK)


def enforce(findings: Iterable[Finding], *, keep: Callable[[], object] | None = None) -> None:
    """Refuse, naming every blocking finding; pass when there is none.

    `keep` stores the decision once the refusal has undone everything else.
    """
    broken = blocking(findings)
    if broken:
        raise RuleBroken(
            " ".join(dict.fromkeys(f.says for f in broken)),
            keep=keep,
            rules=list(dict.fromkeys(f.rule for f in broken)),
            findings=[f.as_dict() for f in broken],
        )
