"""The folder of a PostgreSQL cluster: made once, and freed of a server that was killed."""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from hospital.embedded.account import named_account
from hospital.embedded.child import Account, finish
from hospital.embedded.console import Stop

SUPERUSER = "postgres"


def plain_environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables; messages that we can read."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def make_cluster(
    programs: Path, data: Path, *, password: str, account: Account | None, durable: bool
) -> None:
    """Into a folder beside it, renamed at the end: a cluster cut short is never used."""
    half = data.with_name("pgdata.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    maker = named_account() if account else None
    if maker:
        os.chown(half, maker.uid, maker.gid)
    with tempfile.NamedTemporaryFile("w", dir=data.parent) as secret:
        secret.write(password)
        secret.flush()
        if maker:
            os.chown(secret.name, maker.uid, maker.gid)
        options = [
            f"--pgdata={half}",
            f"--username={SUPERUSER}",
            f"--pwfile={secret.name}",
            "--auth=scram-sha-256",
            "--locale=C",
            "--lc-ctype=C.UTF-8",
            "--encoding=UTF8",
            "--data-checksums",
        ]
        if not durable:
            options.append("--no-sync")
        finish([programs / "initdb", *options], env=plain_environment(), account=maker)
    if account:
        for path in (half, *half.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    half.rename(data)


def free_of_killed_server(programs: Path, data: Path, account: Account | None) -> None:
    """Stop a server whose supervisor was killed; forget the note of one that is no more."""
    note = data / "postmaster.pid"
    if not note.exists():
        return
    if sys.platform == "linux" and not _serves(note, data):
        note.unlink(missing_ok=True)
        return
    options: list[str | Path] = ["-D", data, "-m", "fast", "-w", "-t", "60"]
    with suppress(Stop):  # it has just ended by itself
        finish([programs / "pg_ctl", "stop", *options], env=plain_environment(), account=account)


def _serves(note: Path, data: Path) -> bool:
    """The process that the note names is a server of these data: ids are given out again."""
    with suppress(OSError, ValueError, IndexError):
        process = int(note.read_text().splitlines()[0])
        return str(data).encode() in Path(f"/proc/{process}/cmdline").read_bytes()
    return False
