"""A week of hours as the settings show it: three usual windows a day, and whatever else is set."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doctors.models import Hours, clock

DAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
PARTS = ((_("上午"), 8 * 60, 12 * 60), (_("下午"), 13 * 60, 17 * 60), (_("晚上"), 18 * 60, 21 * 60))


@dataclass(frozen=True)
class Window:
    """One button of the week."""

    label: str | Promise
    opens: str
    closes: str
    is_open: bool


@dataclass(frozen=True)
class Day:
    weekday: int
    label: str | Promise
    usual: tuple[Window, ...]
    others: tuple[Window, ...]


def days_of(windows: Sequence[Hours]) -> list[Day]:
    parts = {(opens, closes) for _label, opens, closes in PARTS}
    days = []
    for weekday, label in enumerate(DAYS, start=1):
        mine = {(each.opens, each.closes) for each in windows if each.weekday == weekday}
        usual = tuple(
            Window(part, clock(opens), clock(closes), (opens, closes) in mine)
            for part, opens, closes in PARTS
        )
        others = tuple(
            Window(f"{clock(opens)}–{clock(closes)}", clock(opens), clock(closes), is_open=True)
            for opens, closes in sorted(mine - parts)
        )
        days.append(Day(weekday, label, usual, others))
    return days
