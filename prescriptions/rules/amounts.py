"""How much of one ingredient the lines give together, against the most that anybody may have."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from prescriptions.formulary.measures import PER_DAY, base_unit, in_base
from prescriptions.rules.facts import Item, Proposal


@dataclass(frozen=True)
class Amount:
    """The dose of one ingredient over its lines: per day, or per week for weekly medicines."""

    items: tuple[Item, ...]
    unit: str

    @property
    def total(self) -> Fraction:
        return sum(map(_heaviest, self.items), Fraction(0))

    @property
    def limit(self) -> Fraction | None:
        """The lowest maximum among the lines."""
        limits = [
            in_base(item.medicine.max_daily_dose, item.medicine.dose_unit)
            for item in self.items
            if item.medicine.max_daily_dose is not None
        ]
        return min(limits, default=None)


def unit_of(item: Item) -> str:
    return item.line.dose_unit or item.medicine.dose_unit


def fits(item: Item) -> bool:
    """Whether the written unit can be compared with the drug's own."""
    own = item.medicine.dose_unit
    return not own or base_unit(unit_of(item)) == base_unit(own)


def amounts(p: Proposal) -> Iterator[Amount]:
    """Lines of the same seven-character ATC and unit, summed; without such a code, by name."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in p.drugs:
        if item.line.dose is not None and fits(item):
            atc = item.medicine.atc
            ingredient = atc if len(atc) == 7 else item.medicine.name
            groups.setdefault((ingredient, base_unit(unit_of(item))), []).append(item)
    return (Amount(tuple(items), unit) for (_, unit), items in groups.items())


def _heaviest(item: Item) -> Fraction:
    """The larger of one single dose and the total of the day, or of the week for weekly drugs."""
    assert item.line.dose is not None
    single = in_base(item.line.dose, unit_of(item))
    days = 7 if item.medicine.usual_frequency == "qw" else 1
    return max(single, single * PER_DAY[item.line.frequency] * days)
