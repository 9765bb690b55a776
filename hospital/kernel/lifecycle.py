"""A lifecycle is a table: which step leads from which state to which.

The table is the diagram (`bin/draw` prints it) and the test. How a state looks to people stands
beside it as a `Face`, so that no template ever picks a colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hospital.kernel.refusals import WrongState
from hospital.kernel.sentences import in_english


@dataclass(frozen=True)
class Face:
    """How people see a state: a label in both languages, a tone of the design, an icon."""

    label: str
    label_en: str
    tone: str
    icon: str

    @property
    def said(self) -> str:
        """The label in the reader's language."""
        return self.label_en if in_english() else self.label


@dataclass(frozen=True)
class Lifecycle:
    steps: Mapping[tuple[str, str], str]  # (state, step) -> next state
    faces: Mapping[str, Face]

    def after(self, state: str, step: str) -> str:
        """The state that `step` leads to; refuses a step that the table does not have."""
        try:
            return self.steps[state, step]
        except KeyError:
            face = self.faces.get(state)
            raise WrongState(
                _("现在是“%(state)s”，不能做这一步。请刷新页面看看最新情况。")
                % {"state": face.said if face else state},
                state=str(state),
                step=step,
            ) from None

    def steps_from(self, state: str) -> frozenset[str]:
        return frozenset(step for (start, step) in self.steps if start == state)

    @property
    def edges(self) -> list[tuple[str, str]]:
        """The pairs of states that some step joins; the database's trigger allows no other."""
        return sorted({(str(start), str(end)) for (start, _step), end in self.steps.items()})

    @property
    def states(self) -> frozenset[str]:
        starts = {start for start, _ in self.steps}
        return frozenset(starts | set(self.steps.values()))
