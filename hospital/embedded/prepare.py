"""Brings an instance's database and static files up to date before the rest starts.

A command that a room has not written yet is passed over.
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command, get_commands

from hospital.embedded.console import step
from hospital.embedded.place import CLONE

NOT_SOURCES = {".venv", ".data", ".git", "node_modules", "__pycache__"}

# Copies of htmx that we do not serve; one imports a name that no file has, which stops the rest.
UNUSED = ["django_htmx"]


def main() -> None:
    sys.path.insert(0, str(CLONE))
    with step("代码已加载", "the code is loaded"):
        django.setup()
    quiet = {"verbosity": 0, "interactive": False}
    with step("数据库结构已是最新", "migrations applied"):
        call_command("migrate", database="owner", **quiet)
    with step("静态文件已就绪", "static files ready"):
        _collect_static()
    if "load_reference" in get_commands():
        with step("药品、诊断等参考数据已载入", "reference data loaded"):
            call_command("load_reference", verbosity=0)
    if os.environ["DEPLOYMENT"] == "demo" and "seed_demo" in get_commands():
        with step("演示医院已就绪", "demonstration hospital ready"):
            call_command("seed_demo", verbosity=0)


def _collect_static() -> None:
    """Only when a source changed: compressing everything takes longer than all the rest."""
    mark = Path(os.environ["STATIC_ROOT"]) / ".sources.sha256"
    now = _fingerprint()
    if mark.exists() and mark.read_text() == now:
        return
    mark.unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED
    )
    mark.write_text(now)


def _fingerprint() -> str:
    digest = hashlib.sha256((CLONE / "requirements.txt").read_bytes())
    digest.update(os.environ["STATIC_ROOT"].encode())
    for path in sorted(_static_sources(CLONE)):
        status = path.stat()
        digest.update(f"{path}:{status.st_size}:{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_sources(root: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(root):
        below[:] = [name for name in below if name not in NOT_SOURCES]
        if "static" in Path(folder).relative_to(root).parts:
            yield from (Path(folder) / name for name in files)


if __name__ == "__main__":
    main()
