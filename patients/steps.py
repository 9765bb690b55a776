"""电子建档 step by step: which questions there are, whom each is put to, when it is put again.

Pure: a patient's sex and age and the answers so far in, what is still to do out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hospital.kernel.calendar import full_months, full_years

FERTILE: Final = range(12, 56)  # as the prescription rules ask
CHILD: Final = 14  # below it doses follow the weight
ASKED_AGAIN: Final = timedelta(days=92)  # three months: pregnancy and lactation
PREGNANT_AT_MOST: Final = timedelta(days=280)  # from "yes" on, where no due date was told
LACTATING_AT_MOST: Final = timedelta(days=730)
_LATE: Final = timedelta(days=14)  # a birth may be later than its date
State = Literal["open", "answered", "skipped", "stale"]


@dataclass(frozen=True)
class Step:
    code: str
    title: str | Promise
    why: str | Promise
    may_skip: bool = True


class Given(NamedTuple):
    """That a question was answered, or put off, on a day."""

    on: date
    is_skipped: bool = False


STEPS: Final = (
    Step(
        "allergies",
        _("过敏"),
        _("医生开药前必须知道。没有过敏也请选“没有”。"),
        may_skip=False,  # 不知道过敏史不能开药 (E07)
    ),
    Step("history", _("既往史"), _("得过的大病、做过的手术，会影响用药。")),
    Step("medicines", _("长期用药"), _("别处开的药也请写上，医生要看会不会冲突。")),
    Step("pregnancy", _("怀孕和哺乳"), _("有些药怀孕、哺乳时不能用。每三个月问一次。")),
    Step("weight", _("体重"), _("孩子的药量按体重算，隔一段时间要重新称。")),
    Step("insurance", _("医保"), _("到线下就诊和取药时用。")),
    Step("contact", _("紧急联系人"), _("找不到您时，医院联系谁。")),
)
BY_CODE: Final = {step.code: step for step in STEPS}


def asked_of(sex: str, birth_date: date, *, on: date) -> list[Step]:
    """The questions for somebody of this sex and age, in their order."""
    age = full_years(birth_date, on)
    not_asked = {
        "pregnancy": sex != "female" or age not in FERTILE,
        "weight": age >= CHILD,
    }
    return [step for step in STEPS if not not_asked.get(step.code, False)]


def state(step: str, given: Given | None, *, birth_date: date, on: date) -> State:
    """How things stand with one question on that day."""
    if given is None:
        return "open"
    if given.is_skipped:
        return "skipped"
    if step == "pregnancy" and on - given.on > ASKED_AGAIN:
        return "stale"
    if step == "weight" and is_old_weight(given.on, birth_date=birth_date, on=on):
        return "stale"
    return "answered"


def is_old_weight(weighed_on: date, *, birth_date: date, on: date) -> bool:
    """A child outgrows a weight: after a month in the first year, three in the next two, then six.

    From fourteen on doses do not follow the weight, and none is too old; but one of a child's
    years says nothing of an adult.
    """
    if full_years(birth_date, on) >= CHILD:
        return full_years(birth_date, weighed_on) < CHILD
    months = full_months(birth_date, on)
    good_for = 1 if months < 12 else 3 if months < 36 else 6
    return full_months(weighed_on, on) >= good_for


def next_of(
    steps: list[Step], given: Mapping[str, Given], *, birth_date: date, on: date, after: str = ""
) -> Step | None:
    """The next question that has no answer; with `after` first among those behind it."""
    codes = [step.code for step in steps]
    start = codes.index(after) + 1 if after in codes else 0
    for step in [*steps[start:], *steps[:start]]:
        now = state(step.code, given.get(step.code), birth_date=birth_date, on=on)
        if now in ("open", "stale"):
            return step
    return None


def still_pregnant(told: str, *, told_on: date, due_on: date | None, on: date) -> str:
    """What a rule may take for granted: no, yes, or unknown where the answer is too old.

    A “no” is good for three months; a “yes” until two weeks after the due date.
    """
    if told == "no":
        return "unknown" if on - told_on > ASKED_AGAIN else "no"
    if told == "yes":
        until = due_on + _LATE if due_on else told_on + PREGNANT_AT_MOST
        return "unknown" if on > until else "yes"
    return "unknown"


def still_lactating(*, is_told: bool, told_on: date, on: date) -> bool:
    """Asked again after three months; until then, and for two years at most, it counts."""
    return is_told and on - told_on <= LACTATING_AT_MOST
