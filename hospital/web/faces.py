"""How states and findings are shown: always icon and word beside the colour."""

from typing import Any, Final

from hospital.kernel.lifecycle import Face
from hospital.kernel.rules import Severity
from hospital.kernel.sentences import in_english

SEVERITIES: Final = {
    Severity.BLOCK: Face("不能继续", "Not possible", "danger", "octagon-alert"),
    Severity.REASON: Face("须说明理由", "Needs a reason", "warn", "triangle-alert"),
    Severity.INFO: Face("提示", "Note", "info", "info"),
}


def face_of(thing: Any) -> Face:
    """The face of a severity, of anything with a `face`, or the face itself."""
    if isinstance(thing, Face):
        return thing
    if isinstance(thing, str):
        return SEVERITIES[Severity(thing)]
    face = thing.face
    assert isinstance(face, Face)
    return face


def label_of(face: Face) -> str:
    return face.said


def says(finding: Any) -> str:
    """The sentence of a rule's finding in the reader's language."""
    return str(finding.says_en if in_english() else finding.says)
