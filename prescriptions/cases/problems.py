"""What is wrong with a case, and where."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    pointer: str  # JSON pointer, RFC 6901
    says: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.says}"


class Malformed(ValueError):
    """The case cannot be judged; `problems` says why, each under its JSON pointer."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
