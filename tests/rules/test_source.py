"""What no line of the platform does, whoever wrote it: read from the source itself."""

import ast
import pkgutil
import re
import time
from importlib import import_module
from pathlib import Path

import pytest

from tests.databases import ROOT

ROOMS = ("hospital", "audit", "patients", "doctors", "prescriptions", "admin_portal")
SOURCES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("templates/**/*.html"))
UNSAFE = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "telnetlib", "ftplib"}
SPOKEN = {"eval", "exec", "compile", "__import__"}


def _imports(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _calls(tree: ast.AST) -> set[str]:
    return {
        getattr(node.func, "id", getattr(node.func, "attr", ""))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def _trees() -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


def test_nothing_is_unpickled_evaluated_or_read_as_xml():
    guilty = [
        f"{path.relative_to(ROOT)}: {word}"
        for path, tree in _trees()
        for word in (_imports(tree) & UNSAFE) | ({"eval", "exec"} & _calls(tree))
    ]
    assert guilty == []


def test_the_reading_of_the_source_finds_what_it_looks_for():
    tree = ast.parse("import pickle\nfrom yaml import load\neval('1')\nmark_safe(x)")
    assert _imports(tree) & UNSAFE == {"pickle", "yaml"}
    assert {"eval", "mark_safe"} <= _calls(tree)


def test_stored_text_is_never_declared_to_be_html():
    """`mark_safe` makes our own markup only: icons, and what `format_html` has escaped."""
    lawful = {"hospital/web/templatetags/web.py"}
    guilty = [
        str(path.relative_to(ROOT))
        for path, tree in _trees()
        if "mark_safe" in _calls(tree) and str(path.relative_to(ROOT)) not in lawful
    ]
    guilty += [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if re.search(r"\|\s*safe\b|autoescape\s+off", path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_no_template_has_a_script_a_style_or_a_handler_inside():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\son[a-z]+=|\sstyle="
    )
    guilty = [
        str(path.relative_to(ROOT))
        for path in TEMPLATES
        if inline.search(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for room in ROOMS:
        for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            if any(part in module.name for part in NOT_SERVING):
                continue
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    found[f"{module.name}.{name}"] = value
    return found


NOT_SERVING = ("migrations", "management", "__main__", "hospital.simulators")
PUMPS = ("0", "a", " ", "1a", "a@", "((", "\u4e00", "-1", "<a ", ". ")


@pytest.mark.filterwarnings("ignore")
def test_no_pattern_can_be_made_to_think_for_long():
    """50 000 characters cost every pattern less than 50 ms of CPU (ASVS 1.3.12)."""
    patterns = _patterns()
    assert len(patterns) > 10
    slow = []
    for name, pattern in patterns.items():
        for pump in PUMPS:
            text = (pump * 50_000)[:50_000] + "\0"
            began = time.process_time()
            pattern.search(text)
            pattern.fullmatch(text)
            if time.process_time() - began > 0.05:
                slow.append(f"{name} on {pump!r}")
    assert slow == []
