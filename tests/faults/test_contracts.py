"""The four import contracts hold, and each of them fails when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hospital.embedded.command import HALVES
from tests.databases import ROOT

PACKAGES = ("hospital", "audit", "patients", "doctors", "prescriptions", "admin_portal")
BREACHES = {  # contract: (file, a line that breaks it)
    "Rooms depend one way": ("audit/selectors.py", "import prescriptions.models"),
    "Inside a room": ("audit/models/events.py", "import audit.services"),
    "Rules know no database": ("prescriptions/rules/dose.py", "import django.db"),
    "Simulators import no room": ("hospital/simulators/clock.py", "import hospital.web.sizes"),
}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The code alone, in a folder of its own."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        only_code = shutil.ignore_patterns("static", "templates", "data", "locale", "__pycache__")
        shutil.copytree(ROOT / package, house / package, ignore=only_code)
    shutil.copy(ROOT / "pyproject.toml", house)
    return house


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def test_the_house_keeps_its_contracts(copy):
    said = lint(copy)
    assert said.returncode == 0, said.stdout
    assert "4 kept, 0 broken" in said.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_found(copy, contract):
    name, line = BREACHES[contract]
    file = copy / name
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        said = lint(copy)
    finally:
        file.write_text(before, encoding="utf-8")
    assert said.returncode != 0
    broken = [row for row in said.stdout.splitlines() if row.endswith("BROKEN")]
    assert any(row.startswith(contract) for row in broken), said.stdout


def test_the_two_halves_are_all_the_tests():
    folders = {f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py")}
    assert {folder for half in HALVES for folder in half} == folders
    assert not list((ROOT / "tests").glob("test_*.py"))
