"""Makes the virtual environment and keeps it at the pinned requirements; prints its Python.

Runs before anything is installed, hence on the standard library alone, as a script.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CLONE = Path(__file__).resolve().parents[2]
# What is installed for the developers holds what the platform needs.
INCLUDES = {"requirements-dev.txt": ("requirements-dev.txt", "requirements.txt")}


def main() -> int:
    requirements = sys.argv[1]
    venv = Path(os.environ.get("VENV") or CLONE / ".venv").expanduser().absolute()
    python = venv / "bin" / "python"
    try:
        venv.parent.mkdir(parents=True, exist_ok=True)
        fcntl.flock(os.open(venv.parent, os.O_RDONLY), fcntl.LOCK_EX)  # two first starts at once
        if not _works(python):
            _make(venv)
        _install(venv, python, requirements)
    except OSError as problem:
        return _refuse(
            f"无法写入 {venv}（{problem.strerror}），请另设 VENV。 Cannot write: set VENV."
        )
    except subprocess.CalledProcessError:
        return _refuse("安装依赖失败，原因见上。 Installing the requirements failed: see above.")
    sys.stdout.write(f"{python}\n")
    return 0


def _works(python: Path) -> bool:
    """A Python that was upgraded or removed leaves a virtual environment that does not start."""
    question = "import sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and _quietly([str(python), "-c", question])


def _make(venv: Path) -> None:
    _say(f"新建虚拟环境 making {venv} …")
    shutil.rmtree(venv, ignore_errors=True)
    if not _quietly([sys.executable, "-m", "venv", str(venv)]):
        # Debian keeps ensurepip in a package of its own; the caller's pip does as well.
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)


def _install(venv: Path, python: Path, requirements: str) -> None:
    names = INCLUDES.get(requirements, (requirements,))
    wanted = {name: hashlib.sha256((CLONE / name).read_bytes()).hexdigest() for name in names}
    stamps = {name: venv / f".{name}.sha256" for name in names}
    if all(path.exists() and path.read_text() == wanted[name] for name, path in stamps.items()):
        return
    _say(f"安装依赖，首次约一分钟 installing {requirements} …")
    began = time.monotonic()
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    pinned = ["--require-hashes", "--requirement", str(CLONE / requirements)]
    install = [*_pip(python), "install", *quiet, *pinned]
    subprocess.run(install, check=True, stdout=sys.stderr)
    for name, path in stamps.items():
        path.write_text(wanted[name])
    _say(f"{time.monotonic() - began:5.1f} s  依赖已安装 requirements installed")


def _pip(python: Path) -> list[str]:
    if _quietly([str(python), "-m", "pip", "--version"]):
        return [str(python), "-m", "pip"]
    if _quietly([sys.executable, "-m", "pip", "--version"]):
        return [sys.executable, "-m", "pip", "--python", str(python)]
    raise SystemExit(_refuse("缺少 pip，请先安装 python3-pip 和 python3-venv。 pip is missing."))


def _quietly(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"✗ {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
