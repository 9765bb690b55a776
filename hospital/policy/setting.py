"""What stands beside one value of the policy: how it is called, its bounds, who sets it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hospital.kernel.normalise import whole
from hospital.kernel.refusals import Refused


@dataclass(frozen=True)
class Setting:
    label: Promise
    help: Promise
    set_by: Promise
    low: int = 0
    high: int = 0
    options: tuple[str, ...] = ()

    def read(self, value: object, *, like: object) -> Any:
        """`value` if it is of the type of `like` and within bounds; refused otherwise."""
        if isinstance(like, int) and not isinstance(like, bool):
            return whole(value, low=self.low, high=self.high)
        fits = isinstance(value, bool) if isinstance(like, bool) else value in self.options
        if not fits:
            raise Refused(
                _("“%(label)s”不能这样设置。") % {"label": self.label}, code="policy-value"
            )
        return value


def whole_number(
    default: int, low: int, high: int, label: Promise, help: Promise, set_by: Promise
) -> int:
    """A field of the policy that holds a whole number from `low` to `high`."""
    return _field(default, Setting(label, help, set_by, low, high))  # type: ignore[no-any-return]


def one_of(options: tuple[str, ...], label: Promise, help: Promise, set_by: Promise) -> str:
    """A field that holds one of a few words; the first is the default."""
    return _field(options[0], Setting(label, help, set_by, options=options))  # type: ignore[no-any-return]


def switch(label: Promise, help: Promise, set_by: Promise) -> bool:
    """A field that is on or off; off is the default."""
    return _field(default=False, setting=Setting(label, help, set_by))  # type: ignore[no-any-return]


def _field(default: Any, setting: Setting) -> Any:
    return field(default=default, metadata={"setting": setting})
