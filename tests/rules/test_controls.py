"""docs/controls.csv: every control of the assessors' lists, how it is met, what shows it."""

import ast
import csv
from functools import cache

import pytest

from tests.databases import ROOT

FILE = ROOT / "docs" / "controls.csv"
COLUMNS = ["standard", "control", "level", "demand", "state", "how", "tests"]


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def is_there(test: str) -> bool:
    path, _colons, name = test.partition("::")
    return (ROOT / path).is_file() and name.startswith("test_") and name in names_in(path)


def test_the_file_has_its_columns_and_both_lists():
    assert list(rows()[0]) == COLUMNS
    found = {row["standard"] for row in rows()}
    assert {"GB/T 22239-2019", "ASVS 5.0", "PIPL"} <= found
    keys = [(row["standard"], row["control"]) for row in rows()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['standard']} {row['control']}")
def test_a_control_is_shown_by_tests_that_exist_or_says_why_not(row):
    assert row["state"] in {"met", "partly", "not"}
    assert row["demand"]
    assert row["how"]
    missing = [test for test in row["tests"].split() if not is_there(test)]
    assert missing == []
    assert row["tests"] or row["state"] != "met", "met, but nothing shows it"


def test_a_test_that_does_not_exist_would_be_noticed():
    assert is_there("tests/rules/test_controls.py::test_the_file_has_its_columns_and_both_lists")
    assert not is_there("tests/rules/test_controls.py::test_that_nobody_wrote")
    assert not is_there("tests/rules/test_nowhere.py::test_that_nobody_wrote")
    assert not is_there("tests/rules/test_controls.py")
