"""What the e-record asks of the formulary (patients.catalogue): words and their codes."""

from collections.abc import Mapping, Sequence
from functools import cache

from patients.catalogue import OTHER, Coded
from prescriptions.formulary import formulary
from prescriptions.pharmacy import diagnosis_names


class Words:
    def groups(self) -> Sequence[str]:
        return _groups()

    def medicines(self) -> Sequence[str]:
        return _medicines()

    def allergen(self, text: str) -> Coded:
        """A group where the word names one, else a single medicine; several are no one code."""
        found = formulary().allergen(text)
        if found is None:
            return OTHER
        if found.medicines:
            codes = {each.atc for each in found.medicines if each.atc}
            return Coded("drug", min(codes, key=lambda code: (len(code), code))) if codes else OTHER
        return Coded("group", min(found.groups))

    def atc(self, medicine: str) -> str:
        """Of its generic name, or of a part of it that means one substance alone: 华法林."""
        found = formulary().taken(medicine)
        if found is not None:
            return found.atc
        named = {drug.atc for drug in formulary().drugs if medicine in drug.name}
        return named.pop() if len(medicine) > 1 and len(named) == 1 else ""

    def diagnoses(self) -> Mapping[str, str]:
        return diagnosis_names()


@cache
def _groups() -> tuple[str, ...]:
    return tuple(group.name for group in formulary().allergy_groups.values())


@cache
def _medicines() -> tuple[str, ...]:
    return tuple(dict.fromkeys(drug.name for drug in formulary().drugs))
