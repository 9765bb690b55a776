"""The same answers by a Node server with fastify and pg, which decrypts and records nothing.

Rates are told and hold no target. Without Node, or without a registry to install from, there are
none.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from patients.history import KEY
from tests.bench.measuring import load, median
from tests.bench.recalling import byhand
from tests.bench.servers import free_port, served, server

_SCRIPT: Final = Path(__file__).with_name("beside.js")
_LISTED: Final = """
    SELECT r.public_id, r.at, r.kind, r.title, r.conclusion, (
        SELECT count(*) FROM his_observation o
        WHERE o.report_id = r.id AND (o.value > o.high OR o.value < o.low OR o.flag <> '')
    ) AS abnormal
    FROM his_report r WHERE r.person_id = $1 AND (r.at, r.id) < ($2, $3)
    ORDER BY r.at DESC, r.id DESC LIMIT 21
"""


def compare(pairs: Mapping[str, tuple[str, str, str]], rounds: int, seconds: float) -> None:
    """By name: our address, the cookie it is asked with, and Node's. Both in two processes."""
    if shutil.which("npm") is None:
        print("  not measured beside Node: it is not installed")
        return
    with _node() as node, server("workers", "hospital.settings", "/robots.txt") as (ours, _pid):
        for name, (address, cookie, other) in pairs.items():
            taken = []
            for turn in range(rounds):
                asks = [(ours + address, {"Cookie": cookie}), (node + other, {})]
                rate = {
                    url: load(url, headers=headers, seconds=seconds) / seconds
                    for url, headers in (asks if turn % 2 else asks[::-1])
                }
                taken.append((rate[asks[0][0]], rate[asks[1][0]]))
            mine, theirs = (median([pair[i] for pair in taken]) for i in (0, 1))
            ratio = median([one / two for one, two in taken])
            print(f"  {name}: {mine:.0f}/s, Node {theirs:.0f}/s: {ratio:.2f} of it", flush=True)


@contextmanager
def _node() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="beside-") as folder:
        shutil.copy(_SCRIPT, folder)
        install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "fastify@5", "pg@8"]
        subprocess.run(install, cwd=folder, check=True)
        port = free_port()
        queries = {name: _numbered(sql) for name, sql in byhand.QUERIES.items()}
        env = os.environ | {
            "QUERIES": json.dumps(queries | {"listed": _LISTED}),
            "CODES": json.dumps(list(KEY)),
            "PORT": str(port),
        }
        with served(["node", _SCRIPT.name], f"http://127.0.0.1:{port}", "/", env, folder):
            yield f"http://127.0.0.1:{port}"


def _numbered(sql: str) -> str:
    """`%s` as PostgreSQL's own protocol has it."""
    parts = sql.split("%s")
    return parts[0] + "".join(f"${i}{part}" for i, part in enumerate(parts[1:], start=1))
