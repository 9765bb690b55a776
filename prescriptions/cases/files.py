"""The cases in a file: one JSON object, or one on each line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from prescriptions.cases.problems import Problem


@dataclass(frozen=True)
class Document:
    """One case as it was found, or the problem that kept it from being read."""

    place: str  # file, and line where a file holds several
    content: Any = None
    problem: Problem | None = None


def documents(place: str, text: str) -> Iterator[Document]:
    """A `.jsonl` file holds one case a line; any other one case, or else one a line too."""
    whole = Document(place) if place.endswith(".jsonl") else _document(place, text)
    if whole.content is not None or not _is_a_case_a_line(text, place):
        yield whole
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _document(f"{place}:{number}", line)


def _is_a_case_a_line(text: str, place: str) -> bool:
    """A line that closes the object it opens is a case; a broken pretty print is one case."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    closed = len(lines) > 1 and lines[0].startswith("{") and lines[0].endswith("}")
    return bool(lines) and (closed or place.endswith(".jsonl"))


def _document(place: str, text: str) -> Document:
    try:
        content = json.loads(
            text, parse_float=Decimal, parse_constant=_no_such_number, object_pairs_hook=_once
        )
    except (ValueError, RecursionError) as error:
        return Document(place, problem=Problem("", f"不是有效的 JSON：{error}"))
    return Document(place, content)


def _no_such_number(name: str) -> None:
    raise ValueError(f"{name} 不是数字")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("同一个键出现了两次")
    return found
