"""A new field key: everything is sealed under it, nothing is lost, nobody notices."""

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as live
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from hospital.consultations.models import Message
from hospital.files import rotating, vault
from hospital.files.models import File
from hospital.kernel import ciphers, keyring, resealing
from hospital.kernel.encrypted import sealed_columns
from hospital.kernel.refusals import WrongState
from hospital.policy.models import Decision
from patients.models import Patient
from prescriptions import services as prescriptions
from prescriptions import texts
from prescriptions.models import Prescription, Track
from tests import databases, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])
NAME = "王秀兰"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path, monkeypatch) -> Path:
    """A key file and a folder of files of this test's own."""
    path = tmp_path / "fields.json"
    shutil.copy(settings.FIELD_KEYS_FILE, path)
    settings.FIELD_KEYS_FILE = str(path)
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(keyring, "_held", None)
    monkeypatch.setattr(keyring, "LOOK", 0.2)
    return path


@pytest.fixture
def cast():
    """王秀兰's visit with a signed, dispensed prescription on its way, a file, a conversation."""
    return prescribing.cast()


def rotate() -> rotating.Outcome:
    return rotating.rotate(say=lambda _words: None)


def envelopes() -> list[str]:
    """Every envelope in the database, of all tables."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for model in resealing.tables():
            for field in sealed_columns(model):
                cursor.execute(
                    f'SELECT "{field.column}" FROM "{model._meta.db_table}"'
                    f' WHERE "{field.column}" IS NOT NULL'
                )
                found += [row[0] for row in cursor.fetchall()]
    return found


def kids(of: list[str]) -> set[str]:
    return {each.split(".")[2] for each in of}


def everything_opens() -> int:
    count = 0
    for model in resealing.tables():
        for row in model._default_manager.all():
            for field in sealed_columns(model):
                getattr(row, field.attname)
                count += 1
    return count


def keep_a_file(user) -> File:
    public_id = File._meta.get_field("public_id").default()
    vault.put(public_id, b"%PDF-1.4 as it was")
    return File.objects.create(
        public_id=public_id,
        kind="report",
        by=user,
        at=NOON,
        media_type="application/pdf",
        size=18,
        digest="0" * 64,
        name="血压记录.pdf",
    )


def test_every_table_with_sealed_columns_can_be_paged_and_bound():
    for model in resealing.tables():
        names = {field.name for field in model._meta.concrete_fields}
        assert {"id", "public_id"} <= names, model


def test_a_rotation_seals_everything_anew_and_all_of_it_still_reads(cast, monkeypatch, keys):
    delivery = prescribing.shipped(cast, monkeypatch)
    prescriptions.hear_courier(prescribing.news(delivery, "in_transit"), at=NOON)
    file = keep_a_file(cast.user)
    before = envelopes()
    assert kids(before) == {"k1"}
    filled = {model for model in resealing.tables() if model._default_manager.exists()}
    assert {Message, Decision, File, Patient, Prescription, Track} <= filled
    outcome = rotate()
    after = envelopes()
    assert outcome.is_whole
    assert (outcome.rows > 10, outcome.files) == (True, 1)
    assert (kids(after), len(after)) == ({"k2"}, len(before))
    assert not set(after) & set(before)
    assert everything_opens() >= len(after)
    assert vault.get(file.public_id) == b"%PDF-1.4 as it was"
    assert vault.head_of(next(vault.sealed())).endswith(".k2")
    signed = Prescription.objects.get(pk=delivery.prescription_id)
    assert texts.digest_of(signed.text) == signed.digest
    assert json.loads(keys.read_text())["field"]["keys"].keys() == {"k1", "k2"}
    assert keys.stat().st_mode & 0o077 == 0


def test_it_stands_in_the_trail_with_what_was_done(cast, trail):
    outcome = rotate()
    begun, ended = trail("keys.rotate")
    assert (begun.facts["step"], ended.facts["step"]) == ("begin", "end")
    assert ended.facts == {
        "step": "end",
        "key": "k2",
        "rows": outcome.rows,
        "files": 0,
        "left": 0,
        "damaged": 0,
    }


def test_what_was_interrupted_goes_on_with_the_same_key(cast, monkeypatch):
    wrote = resealing._write
    done = []

    def die_after_three(*args):
        if len(done) == 3:
            raise KeyboardInterrupt
        wrote(*args)
        done.append(args)

    monkeypatch.setattr(resealing, "_write", die_after_three)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    assert kids(envelopes()) == {"k1", "k2"}
    everything_opens()
    monkeypatch.setattr(resealing, "_write", wrote)
    assert rotate().key == "k2"
    assert kids(envelopes()) == {"k2"}
    assert set(keyring.keyring().keys) == {"k1", "k2"}


def test_a_process_that_is_killed_half_way_leaves_what_another_can_finish(cast, keys):
    """kill -9 in the middle of a batch: its transaction is undone, the lock is free."""
    script = (
        "import os, signal, django; django.setup()\n"
        "from hospital.kernel import resealing; from hospital.files import rotating\n"
        "wrote, done = resealing._write, []\n"
        "def die(*a):\n"
        "    wrote(*a); done.append(1)\n"
        "    if len(done) == 3: os.kill(os.getpid(), signal.SIGKILL)\n"
        "resealing._write = die\n"
        "rotating.rotate(say=print)\n"
    )
    ended = run(script)
    assert ended.returncode == -9, ended.stderr
    assert kids(envelopes()) == {"k1", "k2"}
    assert rotate().is_whole
    assert kids(envelopes()) == {"k2"}


def run(script: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment() | more,
        cwd=databases.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def environment() -> dict[str, str]:
    return {
        **os.environ,
        **databases.environment_of(connection.settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "FIELD_KEYS_FILE": str(live.FIELD_KEYS_FILE),
        "MEDIA_ROOT": str(live.MEDIA_ROOT),
    }


READER = """
import sys, django; django.setup()
from hospital.kernel import keyring
if "{stale}": keyring._again = lambda path, held: held.ring if held else first
first = keyring.read(__import__("pathlib").Path(keyring.settings.FIELD_KEYS_FILE))
from patients.models import Patient
print(Patient.objects.get().name, flush=True)
for line in sys.stdin:
    try:
        print(Patient.objects.get().name, flush=True)
    except Exception as error:
        print(type(error).__name__, flush=True)
"""


@pytest.mark.parametrize(("stale", "says"), [("", NAME), ("yes", "Undecipherable")])
def test_a_running_process_learns_of_the_new_key(cast, stale, says):
    """The control: without looking at the file again the same process cannot read."""
    with subprocess.Popen(
        [sys.executable, "-c", READER.format(stale=stale)],
        env=environment(),
        cwd=databases.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout.readline().strip() == NAME
        rotate()
        reader.stdin.write("again\n")
        reader.stdin.flush()
        assert reader.stdout.readline().strip() == says
        reader.stdin.close()


def test_readers_and_writers_go_on_meanwhile_and_nothing_stands_in_plain(cast):
    stop, seen, wrong = threading.Event(), [], []
    patient = cast.patient.pk

    def read() -> None:
        while not stop.is_set():
            row = Patient.objects.get(pk=patient)
            try:
                seen.append((row.name, row.history))
            except ciphers.Undecipherable as error:
                wrong.append(error)
        connections.close_all()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with transaction.atomic():
                row = Patient.objects.select_for_update().get(pk=patient)
                row.history = f"高血压 {number}"
                row.save()
            number += 1
        connections.close_all()

    people = [threading.Thread(target=each) for each in (read, read, write)]
    for each in people:
        each.start()
    try:
        outcomes = [rotate(), rotate()]
    finally:
        stop.set()
        for each in people:
            each.join()
    assert [each.is_whole for each in outcomes] == [True, True]
    assert not wrong
    assert len(seen) > 20
    assert all(name == NAME and not history.startswith("v1.") for name, history in seen)
    assert kids(envelopes()) == {"k3"}
    assert all(each.startswith("v1.aes.k3.") for each in envelopes())


def test_who_read_a_row_before_does_not_write_the_old_key_back(cast):
    old = Patient.objects.get(pk=cast.patient.pk)
    rotate()
    old.save()
    assert kids(envelopes()) == {"k2"}
    assert Patient.objects.get(pk=cast.patient.pk).name == NAME


def test_runtime_changes_no_row_that_stands_and_the_owner_nothing_but_envelopes(cast):
    prescribing.signed(cast)
    table, spoil = "prescriptions_prescription", "UPDATE {} SET {} WHERE state = 'signed'"
    acts = [
        ("default", "text = text || 'x'"),
        ("owner", "digest = repeat('0', 64)"),
        ("owner", "text = 'plain'"),
        ("owner", "text = text || 'x', amount_fen = 1"),
    ]
    for alias, change in acts:
        with (
            pytest.raises(DatabaseError, match="Cannot update"),
            transaction.atomic(using=alias),
            connections[alias].cursor() as cursor,
        ):
            cursor.execute(spoil.format(table, change))
    with connections["owner"].cursor() as cursor:  # the nearest lawful one
        cursor.execute(spoil.format(table, "text = text || 'x'"))
        assert cursor.rowcount == 1


def test_a_damaged_row_is_named_left_alone_and_stops_nobody_else(cast):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE patients_patient SET name = left(name, 30) || 'AAAA'")
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 are damaged"):
        call_command("rotate_keys", stdout=io.StringIO(), stderr=said)
    assert str(cast.patient.public_id) in said.getvalue()
    old = [each for each in envelopes() if each.split(".")[2] == "k1"]
    row = Patient.objects.get(pk=cast.patient.pk)
    assert len(old) == sum(row.__dict__[f.attname] is not None for f in sealed_columns(Patient))


def test_an_old_key_goes_when_nothing_is_sealed_under_it_and_not_before(cast, monkeypatch):
    keep_a_file(cast.user)
    rotate()
    with pytest.raises(WrongState, match="too short"):
        rotating.retire("k1", say=print)
    monkeypatch.setattr(rotating, "SETTLED", timedelta(0))
    file = next(vault.sealed())
    under_k1 = file.read_bytes().replace(b".k2\n", b".k1\n", 1)
    file.write_bytes(under_k1)
    with pytest.raises(WrongState, match="files 1"):
        rotating.retire("k1", say=print)
    file.write_bytes(under_k1.replace(b".k1\n", b".k2\n", 1))
    rotating.retire("k1", say=print)
    assert set(keyring.keyring().keys) == {"k2"}
    everything_opens()


def test_the_key_in_use_is_not_retired(cast):
    with pytest.raises(CommandError, match="not an old key"):
        call_command("rotate_keys", "--retire", "k1")


def test_a_key_made_beforehand_is_the_one_used(cast):
    call_command("rotate_keys", "--add", stdout=io.StringIO())
    assert keyring.keyring().current == "k1"
    assert rotate().key == "k2"
    assert set(keyring.keyring().keys) == {"k1", "k2"}


def test_a_change_of_cipher_is_a_rotation_too_and_mixed_rows_read_meanwhile(cast, settings):
    settings.FIELD_CIPHER = "sm4"
    row = Patient.objects.get(pk=cast.patient.pk)
    row.history = "新的"
    row.save()
    assert {each.split(".")[1] for each in envelopes()} == {"aes", "sm4"}
    everything_opens()
    outcome = rotate()
    assert (outcome.key, outcome.is_whole) == ("k1", True)  # the key was not the question
    assert {each.split(".")[1] for each in envelopes()} == {"sm4"}
    everything_opens()


def test_two_rotations_do_not_run_at_once(cast):
    with rotating._alone():
        other = run(
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "call_command('rotate_keys')\n"
        )
    assert other.returncode == 1
    assert "running already" in other.stderr


def test_a_key_file_that_cannot_be_read_leaves_the_held_keys_in_use(cast, keys):
    whole = keys.read_bytes()
    keys.write_bytes(whole[:40])
    keyring._looked = 0.0
    assert Patient.objects.get(pk=cast.patient.pk).name == NAME
    keys.write_bytes(whole)


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_no_nonce_comes_twice_in_a_hundred_thousand(cipher):
    seen = set()
    for _ in range(100_000):
        raw = ciphers.seal_bytes(b"", bound_to="n", cipher=cipher).partition(b"\n")[2]
        seen.add(raw[: ciphers.NONCE])
    assert len(seen) == 100_000
