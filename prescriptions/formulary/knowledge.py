"""Gathers what the tables say about an ATC code, by looking up its prefixes in indexes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from prescriptions.formulary.atc import prefixes
from prescriptions.formulary.medicines import Knowledge
from prescriptions.formulary.rows import Contraindication
from prescriptions.formulary.tables import Tables

# Two of one of these are duplicate therapy, whatever their ingredients.
_CLASSES: Mapping[str, str] = {
    "M01A": "M01A",
    "C09A": "C09A/C09C",
    "C09C": "C09A/C09C",
    "C10AA": "C10AA",
    "A02BC": "A02BC",
    "N06AB": "N06AB",
}

Entry = TypeVar("Entry")
Index = Mapping[str, list[Entry]]


class Scholar:
    """Knows the tables; answers for one code at a time."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._as_one = _index((row.one, n) for n, row in enumerate(tables.interactions))
        self._as_other = _index((row.other, n) for n, row in enumerate(tables.interactions))
        self._harm = _index((row.prefix, row) for row in tables.contraindications)
        self._groups = _index((p, g.code) for g in tables.allergy_groups for p in g.prefixes)
        self._classes = _index(_CLASSES.items())

    def on(self, atc: str) -> Knowledge:
        if not atc:
            return Knowledge()
        codes = frozenset((atc, *self.tables.components.get(atc, ())))
        meant_by = prefixes(codes)
        return Knowledge(
            codes=codes,
            meant_by=meant_by,
            as_one=frozenset(_all(self._as_one, meant_by)),
            as_other=frozenset(_all(self._as_other, meant_by)),
            contraindications=_by_kind(_all(self._harm, meant_by)),
            groups=frozenset(_all(self._groups, meant_by)),
            classes=frozenset(_all(self._classes, meant_by)),
        )


def _index(pairs: Iterable[tuple[str, Entry]]) -> Index[Entry]:
    index: dict[str, list[Entry]] = defaultdict(list)
    for prefix, entry in pairs:
        index[prefix].append(entry)
    return dict(index)


def _all(index: Index[Entry], meant_by: frozenset[str]) -> list[Entry]:
    return [entry for prefix in sorted(meant_by) for entry in index.get(prefix, ())]


def _by_kind(rows: Iterable[Contraindication]) -> Mapping[str, tuple[Contraindication, ...]]:
    found: dict[str, tuple[Contraindication, ...]] = {}
    for row in rows:
        found[row.kind] = (*found.get(row.kind, ()), row)
    return found
