"""Makes a decision case of a proposal: the form in which the facts of a decision are kept."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from prescriptions.rules.facts import Line, Proposal, plain


def case_of(proposal: Proposal, name: str = "") -> dict[str, Any]:
    """`read(case_of(p), p.policy)` is `p` again: what was decided can be decided once more."""
    return {
        "name": name,
        "at": proposal.at.isoformat(),
        "patient": _plain(asdict(proposal.patient)),
        "visit": _plain(asdict(proposal.visit)),
        "doctor": _plain(asdict(proposal.doctor)),
        "prescription": {
            "reason": proposal.reason,
            "second_signature": proposal.second_signature,
            "long_term_evaluation": proposal.long_term_evaluation,
            "patient_confirmed_long_term": proposal.patient_confirmed_long_term,
            "extension_days": proposal.extension_days,
            "lines": [_line(line) for line in proposal.lines],
        },
        "fulfilment": str(proposal.fulfilment),
    }


def _plain(value: Any) -> Any:
    """As JSON has it."""
    match value:
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Decimal():
            return plain(value)
        case date():
            return value.isoformat()
        case str():
            return str(value)
    return value


def _line(line: Line) -> dict[str, Any]:
    written: dict[str, Any] = _plain(asdict(line))
    return written | {"dose_unit": line.dose_unit or None}
