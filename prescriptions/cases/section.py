"""Reads one JSON object strictly: each key once, of its type; every problem under its pointer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Any, TypeVar

from prescriptions.cases.problems import Problem

Choice = TypeVar("Choice", bound=StrEnum)


class Sign(Enum):
    """Which numbers a key allows."""

    POSITIVE = auto()
    NOT_NEGATIVE = auto()
    ANY = auto()


_LARGEST = Decimal(10) ** 9
_SMALLEST = Decimal(10) ** -9


@dataclass
class Section:
    """One object of the case. What cannot be read is noted, and the default stands in for it."""

    content: Any
    pointer: str = ""
    problems: list[Problem] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not isinstance(self.content, Mapping):
            self.note("应为对象 {…}")
            self.content = {}

    def note(self, says: str, *keys: str | int) -> None:
        escaped = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
        self.problems.append(Problem("/".join((self.pointer, *escaped)), says))

    def _take(self, key: str, default: Any) -> Any:
        self.known.add(key)
        return self.content.get(key, default)

    def has(self, key: str) -> bool:
        return key in self.content

    def finish(self) -> None:
        """Every key that nobody asked for is a mistake."""
        for key in sorted(set(self.content) - self.known):
            self.note("不认识的键", key)

    def text(self, key: str, default: str = "") -> str:
        value = self._take(key, default)
        if isinstance(value, str):
            return value
        self.note("应为文本", key)
        return default

    def flag(self, key: str, default: bool) -> bool:  # noqa: FBT001 - the default of a flag
        value = self._take(key, default)
        if isinstance(value, bool):
            return value
        self.note("应为 true 或 false", key)
        return default

    def choice(self, key: str, default: Choice) -> Choice:
        options = type(default)
        value = self._take(key, default)
        if isinstance(value, str) and value in set(options):
            return options(value)
        self.note(f"应为 {' | '.join(options)} 之一", key)
        return default

    def number(self, key: str, default: Decimal, allowed: Sign = Sign.NOT_NEGATIVE) -> Decimal:
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            self.note("应为数字", key)
            return default
        number = Decimal(str(value))
        size = number.copy_abs()  # abs() would compute with it
        if not number.is_finite() or size > _LARGEST or 0 < size < _SMALLEST:
            self.note("超出合理范围", key)
        elif number < 0 and allowed is not Sign.ANY:
            self.note("不能为负数", key)
        elif number == 0 and allowed is Sign.POSITIVE:
            self.note("应大于零", key)
        else:
            return number
        return default

    def number_or_null(
        self, key: str, default: Decimal | None = None, allowed: Sign = Sign.NOT_NEGATIVE
    ) -> Decimal | None:
        if self._take(key, default) is None:
            return None
        return self.number(key, default or Decimal(1), allowed)

    def whole(self, key: str, default: int, allowed: Sign = Sign.NOT_NEGATIVE) -> int:
        number = self.number(key, Decimal(default), allowed)
        if number == number.to_integral_value():
            return int(number)
        self.note("应为整数", key)
        return default

    def whole_or_null(self, key: str, allowed: Sign = Sign.NOT_NEGATIVE) -> int | None:
        return None if self._take(key, None) is None else self.whole(key, 0, allowed)

    def day(self, key: str, default: str) -> date:
        text = self.text(key, default)
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.note("应为日期 YYYY-MM-DD", key)
            return date.fromisoformat(default)

    def moment(self, key: str, default: str) -> datetime:
        text = self.text(key, default)
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            at = None
        if at is not None and at.tzinfo is not None:
            return at
        self.note("应为带时区的时间，例如 2025-03-10T10:00:00+08:00", key)
        return datetime.fromisoformat(default)

    def section(self, key: str) -> "Section":
        return Section(self._take(key, {}), f"{self.pointer}/{key}", self.problems)

    def entries(self, key: str, default: Iterable[Any]) -> list[Any]:
        value = self._take(key, list(default))
        if isinstance(value, list):
            return value
        self.note("应为数组 […]", key)
        return []

    def sections(self, key: str, default: Iterable[Any] = ()) -> Iterator["Section"]:
        for number, content in enumerate(self.entries(key, default)):
            yield Section(content, f"{self.pointer}/{key}/{number}", self.problems)

    def texts(self, key: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        values = self.entries(key, default)
        for number, value in enumerate(values):
            if not isinstance(value, str):
                self.note("应为文本", key, number)
        return tuple(value for value in values if isinstance(value, str))
