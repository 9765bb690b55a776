"""kill -9 in the middle of an import, and two workers at once: every row once, none lost."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection

from doctors import selectors, services
from doctors.models import Clinician, Credential, Import
from doctors.services.importing import running
from hospital.accounts.models import User
from hospital.kernel.clock import database_now
from tests import make
from tests.databases import ROOT, environment_of
from tests.imports import csv_of, licence, person
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail"])
MANY = 60


def a_list(count: int) -> bytes:
    return csv_of(*[person(f"d{n:04}", "沈一", **licence(n)) for n in range(count)])


def ready(count: int = MANY) -> Import:
    at = database_now()
    seen = services.look("staff", a_list(count), at=at)
    sheet = services.keep_import(seen, by=make.medical_affairs("shangchuan"), at=at)
    return services.confirm_import(sheet, by=make.medical_affairs("queren"), at=at)


def commanded(tmp_path, *more: str) -> "subprocess.Popen[str]":
    env = os.environ | environment_of(connection.settings_dict["NAME"])
    command = [sys.executable, "manage.py", "import_staff", *more]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=env | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATA_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def done(sheet: Import) -> int:
    return sheet.rows - selectors.counted(sheet)["waiting"]


def everybody_once(trail) -> None:
    assert User.objects.filter(username__startswith="d0").count() == MANY
    assert Clinician.objects.count() == Credential.objects.count() == MANY
    subjects = Counter(event.subject for event in trail("clinician.add"))
    assert (len(subjects), max(subjects.values())) == (MANY, 1)


@pytest.mark.slow
def test_killed_half_way_and_resumed_it_finishes_with_no_row_twice(tmp_path, trail):
    make.medical_affairs("yiwu")
    file = tmp_path / "list.csv"
    file.write_bytes(a_list(MANY))
    with commanded(tmp_path, str(file), "--by", "yiwu") as first:
        end = time.monotonic() + 120
        while not (Import.objects.exists() and done(Import.objects.get()) >= 5):
            assert first.poll() is None, first.stdout.read()
            assert time.monotonic() < end
            time.sleep(0.02)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    sheet = Import.objects.get()
    assert sheet.state == "running"
    assert 5 <= done(sheet) < MANY  # truly in the middle
    assert Clinician.objects.count() == done(sheet)  # and no row half done
    with commanded(tmp_path, "--resume", str(sheet.public_id)) as second:
        said, _ = second.communicate(timeout=120)
    assert second.returncode == 0, said
    assert f"added {MANY}" in said
    sheet.refresh_from_db()
    assert sheet.state == "done"
    everybody_once(trail)


def test_two_workers_at_once_take_turns(trail):
    sheet = ready()
    at = database_now()
    at_once(*[lambda: services.run_import(sheet.pk, at=at)] * 2)
    assert selectors.counted(sheet)["added"] == MANY
    everybody_once(trail)


def test_without_the_lock_they_would_do_rows_twice(monkeypatch):
    """The control: what holds the import is what keeps them apart."""
    sheet = ready()
    at = database_now()
    free = Import.objects.select_related("checked_by", "confirmed_by")
    monkeypatch.setattr(running.selectors, "locked_import", lambda pk: free.filter(pk=pk).first())
    outcomes = at_once(*[lambda: services.run_import(sheet.pk, at=at)] * 2)
    counted = selectors.counted(sheet)
    collided = [each for each in outcomes if isinstance(each, Exception)]
    assert collided or counted["failed"] or counted["added"] != MANY


def test_a_stop_waits_for_the_row_that_is_being_done_and_no_other_follows():
    sheet = ready()
    at = database_now()
    by = make.medical_affairs("third")

    def stop() -> None:
        while done(sheet) < 3:
            time.sleep(0.005)
        services.stop_import(sheet, by=by, at=at, why="名单有误")

    at_once(lambda: services.run_import(sheet.pk, at=at), stop)
    counted = selectors.counted(sheet)
    assert counted["added"] + counted["dropped"] == MANY
    assert counted["added"] == Clinician.objects.count() >= 3
    assert counted["dropped"] > 0


def test_two_who_confirm_at_once_start_it_once(trail):
    at = database_now()
    seen = services.look("staff", a_list(2), at=at)
    sheet = services.keep_import(seen, by=make.medical_affairs("shangchuan"), at=at)
    people = [make.medical_affairs(f"queren{n}") for n in (1, 2)]
    outcomes = at_once(
        *[lambda by=by: services.confirm_import(sheet, by=by, at=at) for by in people]
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["Import", "WrongState"]
    assert len(trail("import.confirm")) == 1
