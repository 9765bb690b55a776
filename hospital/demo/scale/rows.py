"""Rows as COPY reads them, made from a model: sealed where it seals, its defaults elsewhere."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hospital.kernel import ciphers
from hospital.kernel.encrypted import EncryptedTextField

NULL: Final = "\\N"


class Table:
    """The rows of one model. `names` are the columns that differ, beside `public_id`."""

    def __init__(self, model: type[models.Model], *names: str) -> None:
        self.model = model
        fields = model._meta.local_concrete_fields
        known = {field.attname for field in fields}
        assert known.issuperset({*names, "public_id"}), f"{model._meta.label}: {names}"
        places: dict[str, str] = {}
        self._sealed: list[tuple[int, EncryptedTextField]] = []
        self._defaults: list[Any] = []
        for field in fields:
            place, column = "%s", str(field.column)
            if field.attname in names:
                if isinstance(field, EncryptedTextField):
                    self._sealed.append((names.index(field.attname), field))
            elif isinstance(field, EncryptedTextField) and not field.null:
                self._sealed.append((len(names) + len(self._defaults), field))
                self._defaults.append(field.get_default())
            elif field.attname != "public_id":
                place = _written(field, field.get_default())
            places[column] = place
        self.columns = list(places)
        self._line = "\t".join(places.values()) + "\n"
        self._order = _order(fields, names, self._sealed)

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def copying(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        return f'COPY "{self.name}" ({columns}) FROM STDIN'

    def line(self, public_id: str, *values: Any) -> str:
        """One row. Values are as COPY writes them; what will be sealed, as Python has it."""
        cells = [*values, *self._defaults]
        for place, field in self._sealed:
            if cells[place] is not None:
                bound = field.bound_to_row(public_id)
                cells[place] = ciphers.seal(field.to_text(cells[place]), bound_to=bound)
            else:
                cells[place] = NULL
        cells.append(public_id)
        return self._line % self._order(cells)


def _order(
    fields: Any, names: tuple[str, ...], sealed: list[tuple[int, EncryptedTextField]]
) -> Callable[[list[Any]], tuple[Any, ...]]:
    """From the order of `line` to the order of the columns."""
    place_of = {name: i for i, name in enumerate(names)}
    place_of |= {field.attname: place for place, field in sealed}
    place_of["public_id"] = len(place_of)
    places = [place_of[field.attname] for field in fields if field.attname in place_of]
    return lambda cells: tuple([cells[place] for place in places])


def _written(field: models.Field[Any, Any], value: Any) -> str:
    """A default as COPY reads it; the `%` of a line doubled."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(field, ArrayField):
        return "{" + ",".join(value) + "}"
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    return str(value).replace("\\", "\\\\").replace("%", "%%")


def public_ids() -> Iterator[str]:
    """Random UUIDs of version 4 in their usual form, thousands to one call of the system."""
    while True:
        block = os.urandom(16 * 1024).hex()
        for i in range(0, len(block), 32):
            h = block[i : i + 32]
            yield f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[int(h[16], 16) % 4]}{h[17:20]}-{h[20:]}"
