"""The answer to a case as one line of canonical JSON, the same for the same question for ever."""

from hospital.kernel.canonical import canonical
from prescriptions.rules.decision import Decision


def answer(decision: Decision, name: str = "") -> str:
    return canonical({"name": name} | decision.as_dict())
