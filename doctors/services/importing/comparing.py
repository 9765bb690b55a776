"""What a list would come to, row by row, against what stands here."""

from dataclasses import dataclass, field

from doctors.sheets import Finding


@dataclass
class Compared:
    findings: list[Finding] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)  # row -> add | change | keep
