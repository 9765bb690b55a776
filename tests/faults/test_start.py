"""Starting and stopping: refusals of one sentence, recovery, and no process left behind."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import pytest

from hospital.embedded.keys import database_passwords, field_keys_file
from hospital.embedded.place import CLONE, Place
from hospital.embedded.postgres import Postgres
from tests.faults.starting import (
    environment,
    environment_of,
    instance,
    nobody_left,
    outcome,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Passable, as a clone usually is: PostgreSQL may run as another account."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_mode & 0o001:
            break
        folder.chmod(0o711)
    return tmp_path / "data"


def test_a_taken_port_is_named(data: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = outcome("run", data=data, PORT=port)
    assert code == 1
    assert port in said
    assert "PORT=" in said


def test_a_second_instance_in_the_same_folder_is_refused(data: Path):
    data.mkdir()
    with (data / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, said = outcome("run", data=data)
    assert code == 1
    assert "已有一个实例" in said


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL"),
        ({"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c"}, "DATABASE_OWNER_URL"),
        (
            dict.fromkeys(
                ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL"),
                "postgresql://a:very-secret@127.0.0.1:1/c",
            ),
            "DATABASE_URL",
        ),
    ],
)
def test_a_service_that_is_named_but_down_is_said(data: Path, given: dict[str, str], named: str):
    code, said = outcome("run", data=data, **given)
    assert code == 1
    assert named in said
    assert "Traceback" not in said
    assert "very-secret" not in said


def test_a_folder_that_cannot_be_used_is_said(data: Path):
    data.write_text("a file, not a folder")
    code, said = outcome("run", data=data)
    assert code == 1
    assert "DATA_DIR" in said
    assert "Traceback" not in said


def test_without_a_new_enough_python_one_sentence_says_so(data: Path):
    ran = subprocess.run(
        [CLONE / "bin" / "run"],
        env=environment(data, PYTHON="/bin/false"),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "3.11" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_keys_are_made_once_and_for_their_owner_only(data: Path):
    place = Place(data)
    place.make()
    path = field_keys_file(place)
    first = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert field_keys_file(place).read_text() == first
    assert set(json.loads(first)) == {"field", "index", "signing"}


def test_committed_rows_outlive_a_killed_database(data: Path):
    place = Place(data)
    place.make()
    postgres = Postgres(place)
    try:
        postgres.start()
        postgres.make_roles()
        _run_sql(postgres.url("owner"), "CREATE TABLE kept (id int)")
        _run_sql(postgres.url("runtime"), "INSERT INTO kept VALUES (1)")
        assert postgres.server.process is not None
        postgres.server.process.kill()
        postgres.server.process.wait()
        assert (postgres.data / "postmaster.pid").exists()

        postgres.start()
        postgres.make_roles()  # any number of times
        _run_sql(postgres.url("runtime"), "INSERT INTO kept SELECT id + 1 FROM kept")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            _run_sql(postgres.url("runtime"), "CREATE TABLE mine (id int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            _run_sql(postgres.url("auditor"), "SELECT * FROM kept")
    finally:
        postgres.server.ask_to_stop()
        postgres.server.see_it_gone(by=time.monotonic() + 20)
        postgres.forget()
    assert database_passwords(place) == postgres.passwords


@pytest.mark.slow
def test_the_whole_hospital_starts_mends_itself_and_leaves_nobody_behind(data: Path):
    with instance(data) as hospital:
        hospital.hears("ready in")
        assert _status(hospital.env["PORT"]) < 500

        web = hospital.child("hospital.asgi")
        for process in (web, hospital.child("worker"), hospital.child("beat")):
            assert "DATABASE_URL=" in environment_of(process)
            assert "DATABASE_OWNER_URL" not in environment_of(process)

        os.kill(web, signal.SIGKILL)
        hospital.hears("web 意外退出")
        until = time.monotonic() + 30
        while _status(hospital.env["PORT"]) >= 500:
            assert time.monotonic() < until
            time.sleep(0.1)

        hospital.kill()
        assert nobody_left(data)

    with instance(data) as hospital:
        hospital.hears("ready in")
        hospital.process.send_signal(signal.SIGTERM)
        assert hospital.process.wait(60) == 0
        assert nobody_left(data, seconds=0)


def _run_sql(url: str, statement: str) -> None:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()


def _status(port: str) -> int:
    """599: nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
    except OSError:
        return 599
