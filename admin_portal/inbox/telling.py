"""Facts as the table of the back office already tells them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.admin.utils import display_for_value, label_for_field, lookup_field
from django.db.models import Model

from admin_portal.admin import site
from admin_portal.deciding import Step
from admin_portal.inbox.frame import Fact
from admin_portal.shown import NOTHING


def told(model: type[Model], *names: Any) -> Callable[[Any], list[Fact]]:
    """These columns of the model's table, under the words that they bear there."""
    table = site._registry[model]
    wanted = [table.called([name])[0] for name in names]  # type: ignore[attr-defined]

    def facts(row: Any) -> list[Fact]:
        return [
            Fact(str(label_for_field(name, model, table)), _value(name, row, table))
            for name in wanted
        ]

    return facts


def _value(name: Any, row: Any, table: Any) -> Any:
    _field, _attr, value = lookup_field(name, row, table)
    return display_for_value(value, NOTHING) if isinstance(value, bool) else value


def steps_of(model: type[Model], *names: str) -> Sequence[Step]:
    """These steps of the model's table: what is decided here is decided there too."""
    table = site._registry[model]
    steps = {step.name: step for step in table.steps}  # type: ignore[attr-defined]
    return tuple(steps[name] for name in names)
