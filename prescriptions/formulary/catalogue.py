"""The formulary itself: every table read once, every answer a look-up."""

from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from prescriptions.formulary.allergens import Allergen, Allergens
from prescriptions.formulary.atc import CODE
from prescriptions.formulary.building import Builder
from prescriptions.formulary.diagnoses import Diagnoses
from prescriptions.formulary.knowledge import Scholar
from prescriptions.formulary.medicines import Medicine
from prescriptions.formulary.rows import AllergyGroup, Interaction, Substance
from prescriptions.formulary.tables import DATA, read_tables

# The one herb among the narcotics; written as a herb it is a narcotic still.
_NARCOTIC_HERBS = frozenset({"罂粟壳"})


class Formulary:
    """Read-only after it is built; safe to share between threads."""

    def __init__(self, folder: Path = DATA) -> None:
        tables = read_tables(folder)
        self.version = tables.version
        self.interactions: tuple[Interaction, ...] = tables.interactions
        self.allergy_groups: dict[str, AllergyGroup] = {g.code: g for g in tables.allergy_groups}
        self.diagnoses = Diagnoses(tables.diagnoses)
        self._builder = build = Builder(Scholar(tables))
        self.drugs = tuple(map(build.drug, tables.drugs))
        self._drugs: dict[str, list[Medicine]] = defaultdict(list)
        for drug in self.drugs:
            self._drugs[drug.name].append(drug)
        self._substances = {row.name: build.substance(row) for row in tables.substances}
        self._herbs = {
            name: build.herb(name, row.control_class)
            for row in tables.substances
            if row.control_class == "toxic_tcm" or row.name in _NARCOTIC_HERBS
            for name in _herb_names(row)
        }
        allergens = Allergens(self.allergy_groups, self.drugs)
        self.allergen: Callable[[str], Allergen | None] = lru_cache(maxsize=1024)(allergens.named)
        self._code: Callable[[str], Medicine] = lru_cache(maxsize=4096)(build.code)

    def find(self, name: str, strength: Decimal | None = None) -> Medicine | None:
        """What may stand on a line: a drug of that name (and strength), else a controlled one."""
        for drug in self._drugs.get(name, ()):
            if strength is None or drug.strength == strength:
                return drug
        return None if name in self._drugs else self._substances.get(name)

    def herb(self, name: str) -> Medicine:
        """Any name may be a herb; only the poisonous ones are known here."""
        return self._herbs.get(name) or self._builder.herb(name)

    def taken(self, name: str) -> Medicine | None:
        """A medicine the patient takes already, by name or by ATC code."""
        code = name.strip().upper()
        return self.find(name) or (self._code(code) if CODE.fullmatch(code) else None)

    def interactions_of(self, one: Medicine, other: Medicine) -> tuple[Interaction, ...]:
        """The rows that name both, in the table's order."""
        a, b = one.known, other.known
        numbers = (a.as_one & b.as_other) | (a.as_other & b.as_one)
        return tuple(self.interactions[number] for number in sorted(numbers)) if numbers else ()


def _herb_names(row: Substance) -> tuple[str, ...]:
    """砒石(红砒、白砒) is three names."""
    name, _, others = row.name.partition("(")
    return (row.name, name, *(other for other in others.rstrip(")").split("、") if other))


@cache
def formulary() -> Formulary:
    """The one formulary of this process."""
    return Formulary()
