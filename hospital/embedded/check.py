"""`bin/check`: everything but the tests. Each check gets one line; a failing one also shows why."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hospital.embedded.child import spawn
from hospital.embedded.command import temporary_env
from hospital.embedded.place import CLONE, command_beside_python

SECONDS = 300
SECONDS_FOR_ADVISORIES = 120


@dataclass(frozen=True)
class Outcome:
    ok: bool
    said: str = ""
    remark: str = ""


def check() -> int:
    failed = []
    with temporary_env(durable=False) as env:
        for name, look in _checks(env):
            began = time.monotonic()
            outcome = look()
            mark = "✓" if outcome.ok else "✗"
            _print(f"{mark} {name:<24} {time.monotonic() - began:5.1f} s  {outcome.remark}")
            if not outcome.ok:
                failed.append(name)
                _print(outcome.said.rstrip())
    _print(f"✗ 未通过 failed: {', '.join(failed)}" if failed else "✓ 全部通过 all checks passed")
    return 1 if failed else 0


def _checks(env: Mapping[str, str]) -> list[tuple[str, Callable[[], Outcome]]]:
    manage = [sys.executable, "manage.py"]
    deploy = [*manage, "check", "--deploy", "--fail-level", "WARNING"]
    return [
        ("ruff check", lambda: _run(env, _tool("ruff"), "check", "--quiet", ".")),
        ("ruff format", lambda: _run(env, _tool("ruff"), "format", "--check", "--quiet", ".")),
        ("mypy", lambda: _run(env, _tool("mypy"), ".")),
        ("lint-imports", lambda: _run(env, _tool("lint-imports"))),
        ("makemigrations", lambda: _run(env, *manage, "makemigrations", "--check", "--dry-run")),
        ("check --deploy", lambda: _run(_production(env), *deploy)),
        ("translations", lambda: _translations(env, manage)),
        ("pip-audit", lambda: _advisories(env)),
    ]


def _tool(name: str) -> str:
    return str(command_beside_python(name))


def _run(env: Mapping[str, str], *command: str, seconds: float = SECONDS) -> Outcome:
    code, out, err = _heard(env, command, seconds)
    return Outcome(ok=code == 0, said=out + err)


def _heard(env: Mapping[str, str], command: Sequence[str], seconds: float) -> tuple[int, str, str]:
    process = spawn(command, env=env, cwd=CLONE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return 1, "", f"    {seconds:.0f} 秒内没有结束 no end within {seconds:.0f} s"
    return process.returncode, out.decode(errors="replace"), err.decode(errors="replace")


def _production(env: Mapping[str, str]) -> dict[str, str]:
    """Settings as a hospital would have them, with addresses that lead nowhere."""
    hospital = {
        "DEPLOYMENT": "production",
        "PUBLIC_URL": "https://hospital.example",
        "ALLOWED_HOSTS": "hospital.example",
        "TRUSTED_PROXIES": "1",
        "SMS_URL": "https://sms.example/send",
        "SMS_KEY": "a-key-that-opens-nothing",
        "ADMIN_NETWORKS": "10.1.0.0/16",
        "COURIER_NAME": "a courier",
        "COURIER_CONTACT": "400 000 0000",
        "REGULATOR_URL": "https://regulator.example/v1/messages",
        "REGULATOR_KEY": "a-key-that-opens-nothing",
        "REGULATOR_ORG_CODE": "000000000000000000",
        "REGULATOR_REG_NO": "0000000000000000000000",
    }
    ours = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL", "SIMULATORS_URL")
    return {name: value for name, value in env.items() if name not in ours} | hospital


def _translations(env: Mapping[str, str], manage: Sequence[str]) -> Outcome:
    _, commands, _ = _heard(env, [*manage, "help", "--commands"], SECONDS)
    if "check_translations" not in commands.split():
        return Outcome(ok=True, remark="还没有 check_translations no such command yet")
    return _run(env, *manage, "check_translations")


def _advisories(env: Mapping[str, str]) -> Outcome:
    """A known hole fails; a service that does not answer is only said."""
    how = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off"]
    command = [_tool("pip-audit"), "--requirement", "requirements.txt", *how, "--timeout", "20"]
    _, out, err = _heard(env, command, SECONDS_FOR_ADVISORIES)
    try:
        packages = json.loads(out)["dependencies"]
    except (ValueError, KeyError):
        last = (err.strip().splitlines() or ["?"])[-1]
        return Outcome(ok=True, remark=f"漏洞库没有回应，未检查 not checked: {last[:120]}")
    holes = [
        f"    {package['name']} {package.get('version', '')}: {hole['id']}"
        for package in packages
        for hole in package.get("vulns", [])
    ]
    return Outcome(ok=not holes, said="\n".join(holes), remark=f"{len(packages)} packages")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
