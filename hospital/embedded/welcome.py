"""The last thing `bin/run` prints: where the hospital is, and who may sign in to the demo."""

import json
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

COLUMNS = ("role_label", "role", "login", "password")


def welcome(env: Mapping[str, str], data: Path, seconds: float) -> None:
    lines = ["", f"  互联网医院已就绪 ready in {seconds:.1f} s", f"    {env['PUBLIC_URL']}/"]
    simulators = env.get("SIMULATORS_URL")
    if simulators:
        lines += [f"    {simulators}/  短信、支付等模拟世界 the simulated outside world"]
    rows = _logins(data / "demo.json")
    if rows and env["DEPLOYMENT"] == "demo":
        lines += ["", "  演示账号 demonstration logins", *_table(_one_for_each_role(rows))]
        lines += [f"    其余 {len(rows)} 个见 the others are in {data / 'demo.json'}"]
        if simulators:
            lines += [f"    短信验证码与动态口令见 codes: {simulators}/"]
    lines += ["", f"  日志 logs: {data / 'logs'}    停止 stop: Ctrl-C", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _logins(path: Path) -> list[list[str]]:
    """Rows of role, login, password; whatever else the seed writes there is not shown."""
    if not path.exists():
        return []
    written = json.loads(path.read_text(encoding="utf-8"))
    people = written.get("logins", []) if isinstance(written, dict) else written
    return [[str(person.get(column, "")) for column in COLUMNS] for person in people]


def _one_for_each_role(rows: list[list[str]]) -> list[list[str]]:
    return list({row[1]: row for row in reversed(rows)}.values())[::-1]


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(_width(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return ["    " + "  ".join(map(_padded, row, widths)) for row in rows]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
