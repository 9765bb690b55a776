"""Diagnosis codes: the category of a code, whether it is known here, whether it is chronic."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field


def plain(code: str) -> str:
    """`i10.x00` and `L50900` as the tables write them: capitals, a dot after the category."""
    code = code.strip().upper()
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and code[3] != "." else code


def category(code: str) -> str:
    """The three-character category, within which two codes are the same disease."""
    return plain(code)[:3]


@dataclass(frozen=True)
class Diagnoses:
    listed: Mapping[str, bool]  # code -> chronic
    _categories: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for code, is_chronic in self.listed.items():
            self._categories[category(code)].append(is_chronic)

    def knows(self, code: str) -> bool:
        return category(code) in self._categories

    def is_chronic(self, code: str) -> bool:
        """By the listed code, else cut to four characters, else when its whole category is."""
        code = plain(code)
        for known in (code, code[:5]):
            if known in self.listed:
                return self.listed[known]
        return self.knows(code) and all(self._categories[category(code)])
