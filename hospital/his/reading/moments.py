"""When something was, as FHIR tells it: to the second, to the day, or only to the year."""

import re
from datetime import datetime
from typing import Any, Final

from hospital.his.reading.basics import Malformed, Resource, moment, possible
from hospital.kernel.calendar import BEIJING

_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def when(resource: Resource, *names: str) -> datetime:
    """The first of these elements that is there; a period is told by its start.

    What is told only to the day, month or year is taken for the beginning of it: for a rule that
    asks how long ago something was, older is never the kinder answer.
    """
    for name in names:
        told: Any = resource.get(name)
        if name.endswith("Period") or name == "period":
            told = (told or {}).get("start")
        if told:
            return _moment(str(told))
    raise Malformed(f"no {names[0]}")


def _moment(told: str) -> datetime:
    partial = _PARTIAL.fullmatch(told)
    if partial is None:
        return moment(told)
    year, month, day = partial.groups("1")
    return possible(datetime(int(year), int(month), int(day), tzinfo=BEIJING))
