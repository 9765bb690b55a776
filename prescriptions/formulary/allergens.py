"""What a patient means by the name of an allergy: groups, and medicines that carry the name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prescriptions.formulary.medicines import Medicine
from prescriptions.formulary.rows import AllergyGroup

_SEPARATORS = re.compile(r"[/()（）、]")


@dataclass(frozen=True, slots=True)
class Allergen:
    """All that the name matches: a medicine stands for itself and for all of its groups."""

    groups: frozenset[str]
    medicines: tuple[Medicine, ...]

    def includes(self, medicine: Medicine) -> bool:
        """Whether `medicine` is one of those named, or of one of their groups."""
        return bool(self.groups & medicine.known.groups) or any(
            medicine.is_same_as(each) or medicine.name_en == each.name_en for each in self.medicines
        )


def group_names(group: AllergyGroup) -> frozenset[str]:
    """The code and each part of the Chinese name, with and without 类 (class), in capitals."""
    names = {group.code, group.name, *_SEPARATORS.split(group.name)}
    names |= {name.removeprefix("含") for name in names}
    names |= {name.replace("类", "") for name in names}
    return frozenset(name.upper() for name in names if name)


@dataclass(frozen=True)
class Allergens:
    groups: Mapping[str, AllergyGroup]
    drugs: tuple[Medicine, ...]

    def named(self, text: str) -> Allergen | None:
        """Everything that `text` may mean, or None where nothing here answers to it."""
        wanted = {name.upper() for name in _spellings(text)}
        groups = {code for code, group in self.groups.items() if wanted & group_names(group)}
        medicines = tuple(drug for drug in self.drugs if _carries(drug, wanted))
        groups.update(*(drug.known.groups for drug in medicines))
        return Allergen(frozenset(groups), medicines) if groups or medicines else None


def _spellings(text: str) -> Iterable[str]:
    text = text.strip()
    return (text, text.removesuffix("类"))


def _carries(drug: Medicine, wanted: Iterable[str]) -> bool:
    name, name_en = drug.name.upper(), drug.name_en.upper()
    return any(text == name_en or (len(text) >= 2 and text in name) for text in wanted)
