"""RFC 6962 by its own vectors and by brute force; leaves, sealing, receipts, bundles."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit import drain, frontier, offline, rows, sealing, selectors, signing, tree
from audit import services as audit
from audit.anchors import Anchors
from audit.models import Event, Head, Leaf, Node
from audit.proofs import (
    Growing,
    Hashing,
    SignedHead,
    consistency,
    is_consistent,
    is_included,
    leaves,
    load_keys,
    merkle,
    path,
    receipt_is_true,
    root,
)
from audit.proofs import heads as headlines
from hospital.kernel.clock import database_now
from hospital.regulator import services as regulator
from tests.conftest import NOON
from tests.faults.audit_ground import PATIENT, VISIT, as_owner, checked, happen, sealed
from tests.regulator import authority, running_world  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parents[2]
real = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])

# The eight leaves of Certificate Transparency's own tests, and the roots over the first 0..8.
CT_LEAVES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SHA = Hashing("sha256")


def hashes(count, hashing=SHA):
    return [hashing.leaf(str(number).encode()) for number in range(count)]


def slow_root(values, hashing=SHA):
    """MTH, word for word as RFC 6962 2.1 defines it."""
    if not values:
        return hashlib.new(hashing.algorithm, b"").digest()
    if len(values) == 1:
        return hashlib.new(hashing.algorithm, b"\0" + values[0]).digest()
    k = max(1 << n for n in range(64) if 1 << n < len(values))
    left, right = slow_root(values[:k], hashing), slow_root(values[k:], hashing)
    return hashlib.new(hashing.algorithm, b"\1" + left + right).digest()


# --- the tree --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_the_roots_are_those_of_certificate_transparency(size):
    assert root([SHA.leaf(each) for each in CT_LEAVES[:size]], SHA).hex() == CT_ROOTS[size]


def test_a_path_is_that_of_certificate_transparency():
    over = merkle.subtrees([SHA.leaf(each) for each in CT_LEAVES], SHA)
    assert [each.hex() for each in path(0, 8, over)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_consistency_proof_is_that_of_certificate_transparency():
    over = merkle.subtrees([SHA.leaf(each) for each in CT_LEAVES], SHA)
    assert [each.hex() for each in consistency(6, 8, over)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("algorithm", merkle.ALGORITHMS)
@given(values=st.lists(st.binary(max_size=8), max_size=70))
def test_a_growing_tree_has_the_root_of_the_definition(algorithm, values):
    hashing = Hashing(algorithm)
    assert root([hashing.leaf(each) for each in values], hashing) == slow_root(values, hashing)


@pytest.mark.parametrize("algorithm", merkle.ALGORITHMS)
def test_every_leaf_is_shown_at_its_place_and_at_no_other(algorithm):
    hashing = Hashing(algorithm)
    for size in range(1, 34):
        over = merkle.subtrees(hashes(size, hashing), hashing)
        top = over(0, size)
        for index, leaf in enumerate(hashes(size, hashing)):
            way = path(index, size, over)
            assert is_included(leaf, index, size, way, top, hashing)
            assert not is_included(hashing.leaf(b"else"), index, size, way, top, hashing)
            for other in range(size):
                assert other == index or not is_included(leaf, other, size, way, top, hashing)
            assert not is_included(leaf, index, size, [*way, top], top, hashing)
            assert not way or not is_included(leaf, index, size, way[:-1], top, hashing)


@given(st.integers(1, 600), st.data())
def test_a_tree_continues_each_of_its_beginnings_and_no_other(size, data):
    over = merkle.subtrees(hashes(size), SHA)
    older = data.draw(st.integers(1, size))
    proof = consistency(older, size, over)
    first, top = root(hashes(older), SHA), over(0, size)
    assert is_consistent(older, first, size, top, proof, SHA)
    forged = root([*hashes(older - 1), SHA.leaf(b"else")], SHA)
    assert not is_consistent(older, forged, size, top, proof, SHA)
    assert not is_consistent(older, first, size, SHA.leaf(b"else"), proof, SHA)
    assert older == size or not is_consistent(older, first, size, top, [*proof, top], SHA)
    if proof:
        assert not is_consistent(older, first, size, top, proof[:-1], SHA)


def test_a_tree_is_never_smaller_than_what_it_continues():
    assert not is_consistent(3, SHA.empty, 2, SHA.empty, [], SHA)
    assert not is_consistent(0, SHA.empty, 2, SHA.empty, [], SHA)
    with pytest.raises(ValueError, match="no beginning"):
        consistency(3, 2, merkle.subtrees(hashes(2), SHA))
    with pytest.raises(ValueError, match="no leaf"):
        path(2, 2, merkle.subtrees(hashes(2), SHA))


def test_a_tree_grows_in_as_many_hashes_as_its_size_has_ones():
    growing = Growing(SHA)
    for leaf in hashes(1000):
        growing.append(leaf)
        assert len(growing.peaks) == growing.size.bit_count()


def test_only_two_algorithms_are_known():
    with pytest.raises(ValueError, match="md5"):
        Hashing("md5")


# --- heads -----------------------------------------------------------------------------------


def a_head(**more):
    said = headlines.Head("医院", 3, bytes(32), "sha256", NOON)
    return replace(said, **more)


def test_a_head_is_one_text_and_back():
    text = a_head().text
    assert text == (
        "internet-hospital audit head 1\nhospital 医院\nsize 3\n"
        f"root {'00' * 32}\nalgorithm sha256\nat 2026-03-10T04:00:00.000000Z\n"
    )
    assert headlines.Head.from_text(text) == a_head()


@pytest.mark.parametrize(
    ("old", "new"),
    [("size 3", "size 03"), ("size 3", "size ３"), ("root 00", "root 00 "), ("\nat", "\n\nat")],
)
def test_another_spelling_of_a_head_is_none(old, new):
    with pytest.raises(ValueError, match="head"):
        headlines.Head.from_text(a_head().text.replace(old, new))


def test_a_name_of_two_lines_cannot_say_more_than_a_name():
    assert "hospital 医院 size 9\n" in a_head(hospital="医院\nsize 9").text


def test_a_head_is_signed_by_its_key_alone(tmp_path):
    ours, theirs = a_key(tmp_path / "ours.pem"), a_key(tmp_path / "theirs.pem")
    signed = signing.KeyFile(ours).sign(a_head())
    keys = load_keys(signing.KeyFile(ours).public_key()[1].encode())
    assert signed.is_signed(keys)
    assert not signed.is_signed(load_keys(signing.KeyFile(theirs).public_key()[1].encode()))
    assert not replace(signed, head=a_head(size=4)).is_signed(keys)
    assert not replace(signed, signature="AAAA").is_signed(keys)
    assert not replace(signed, signature="!").is_signed(keys)
    assert SignedHead.from_json(json.loads(json.dumps(signed.as_json()))) == signed


def a_key(path, mode=0o600):
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(pem)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize("mode", [0o604, 0o602, 0o644])
def test_a_key_that_everybody_can_reach_is_refused(tmp_path, mode):
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        signing.KeyFile(a_key(tmp_path / "key.pem", mode))


def test_a_key_that_is_missing_or_none_is_refused(tmp_path):
    for given_path, words in (("", "not set"), (str(tmp_path / "no"), "No such file")):
        with pytest.raises(ImproperlyConfigured, match=words):
            signing.KeyFile(given_path)
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    nonsense.chmod(0o600)
    with pytest.raises(ImproperlyConfigured, match="no private key"):
        signing.KeyFile(str(nonsense))


# --- leaves ----------------------------------------------------------------------------------


@pytest.fixture
def _anchors(settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")


AWKWARD = "tab\there\nnew\rline \\ back \\N null \\t 医生 \b\f\v"


@real
@pytest.mark.usefixtures("_anchors")
def test_a_leaf_tells_its_whole_event_again():
    with transaction.atomic():
        event = audit.record(
            "test.happen", by=None, on=None, at=NOON, about=PATIENT, stream=VISIT, words=AWKWARD
        )
        Event.objects.create(kind="test.bare", at=NOON, ip="2001:db8::1", door=AWKWARD)
    told = leaves.parse(rows.text_of(event.pk))
    bare = leaves.parse(rows.text_of(event.pk + 1))
    assert told["facts"] == {"words": AWKWARD}
    assert (told["id"], told["xid"], told["at"]) == (event.pk, event.xid, NOON)
    assert (told["about"], told["stream"]) == (str(PATIENT), str(VISIT))
    assert (bare["door"], bare["ip"], bare["actor"], bare["role"]) == (
        AWKWARD,
        "2001:db8::1",
        None,
        "",
    )


def test_every_field_of_an_event_stands_in_its_leaf():
    assert {field.name for field in Event._meta.fields} == set(leaves.FIELDS) - {"version"}


@real
def test_a_leaf_depends_on_no_setting_of_the_session():
    (event,) = happen()
    texts = set()
    for zone, style in (("UTC", "ISO"), ("Asia/Shanghai", "German"), ("America/St_Johns", "SQL")):
        with transaction.atomic(using="trail"), connections["trail"].cursor() as cursor:
            cursor.execute(f"SET LOCAL TimeZone = '{zone}'")
            cursor.execute(f"SET LOCAL DateStyle = '{style}'")
            cursor.execute("SET LOCAL extra_float_digits = 0")
            texts.add(rows.text_of(event.pk))
    assert len(texts) == 1


# --- sealing ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_anchors")
@real
class TestSealing:
    def test_events_are_sealed_once_in_order(self, settings):
        events = happen(5)
        assert sealing.seal(NOON) == 5
        assert sealing.seal(NOON) == 0
        positions = Leaf.objects.using("trail").order_by("position")
        assert list(positions.values_list("position", "event_id")) == [
            (number, event.pk) for number, event in enumerate(events)
        ]
        assert checked(settings).is_true

    @pytest.mark.parametrize("algorithm", merkle.ALGORITHMS)
    def test_the_head_is_that_of_a_tree_over_the_texts(self, settings, algorithm):
        settings.AUDIT_HASH = algorithm
        events = sealed(3, 1, 4)
        hashing = Hashing(algorithm)
        texts = [rows.text_of(event.pk).encode() for event in events]
        for head in Head.objects.using("trail"):
            assert head.algorithm == algorithm
            assert bytes(head.root) == slow_root(texts[: head.size], hashing)

    def test_a_tree_keeps_the_algorithm_it_began_with(self, settings):
        settings.AUDIT_HASH = "sm3"
        sealed(2)
        settings.AUDIT_HASH = "sha256"
        sealed(2)
        assert tree.newest_head().algorithm == "sm3"
        assert checked(settings, algorithm="sm3").is_true
        assert checked(settings, algorithm="sha256").first.what == "algorithm"

    def test_a_slow_transaction_is_not_stepped_over(self, settings):
        """It has its id before the others commit; sealed is only what cannot be overtaken."""
        with SlowWriter() as slow:
            fast = happen(2)
            assert slow.event < fast[0].pk
            assert sealing.seal(NOON) == 0  # the fast ones wait, and lose nothing
            slow.commit()
            assert sealing.seal(NOON) == 3
        order = Leaf.objects.using("trail").order_by("position").values_list("event_id", flat=True)
        assert list(order) == [slow.event, *(event.pk for event in fast)]
        assert checked(settings).is_true

    def test_whoever_pages_by_id_alone_loses_it(self, settings, monkeypatch):
        """The negative control of the one above."""
        monkeypatch.setattr(
            frontier.Frontier, "sealable", property(lambda self: f"e.id > {self.event}")
        )
        with SlowWriter() as slow:
            happen(2)
            assert sealing.seal(NOON) == 2
            slow.commit()
            assert sealing.seal(NOON) == 0
        assert not Leaf.objects.using("trail").filter(event=slow.event).exists()
        monkeypatch.undo()
        finding = checked(settings).first
        assert (finding.what, finding.position, finding.event) == ("inserted", 0, slow.event)

    def test_an_undone_transaction_leaves_no_gap(self, settings):
        with SlowWriter() as slow:
            happen(1)
            slow.undo()
        happen(1)
        assert sealing.seal(NOON) == 2
        assert checked(settings).is_true

    def test_two_sealers_at_once_seal_it_once(self, settings):
        happen(300)
        assert sorted(at_once(lambda: sealing.seal(NOON), lambda: sealing.seal(NOON)))[-1] == 300
        assert Leaf.objects.using("trail").count() == 300
        assert Head.objects.using("trail").count() == 1
        assert checked(settings).is_true

    def test_without_the_lock_one_of_two_sealers_fails(self, monkeypatch):
        """The negative control: the database lets no leaf stand twice, but somebody crashes."""
        happen(50)
        both = threading.Barrier(2)
        monkeypatch.setattr(sealing, "_alone", lambda: bool(both.wait() + 1))
        outcomes = at_once(lambda: sealing.seal(NOON), lambda: sealing.seal(NOON))
        assert [type(each).__name__ for each in outcomes].count("UniqueViolation") == 1
        assert Leaf.objects.using("trail").count() == 50

    def test_writers_do_not_wait_for_the_sealer(self):
        happen(3)
        with transaction.atomic(using="trail"):
            sealing._seal_batch(NOON)
            happen(1)  # in a connection of its own, while the sealer has not committed
        assert sealing.seal(NOON) == 1

    def test_the_sealer_takes_a_long_backlog_in_batches(self, settings, monkeypatch):
        monkeypatch.setattr(sealing, "BATCH", 100)
        happen(250)
        assert sealing.seal(NOON) == 250
        assert list(Head.objects.using("trail").values_list("size", flat=True)) == [100, 200, 250]
        assert checked(settings).is_true

    def test_proofs_come_out_of_the_stored_tree(self, settings):
        """Over several kept levels, and at sizes that end within a tile."""
        count = 70_000
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_event (at, kind, outcome, role, session, request_id, door,"
                " subject, before, after, facts) SELECT %s, 'test.many', 'done', '', '', '', '',"
                " '', '', '', '{}' FROM generate_series(1, %s)",
                [NOON, count],
            )
        assert sealing.seal(NOON) == count
        levels = Node.objects.using("trail").values_list("level", flat=True)
        assert (list(levels).count(8), list(levels).count(16)) == (count >> 8, 1)
        stored = Leaf.objects.using("trail").order_by("position").values_list("hash", flat=True)
        values = [bytes(each) for each in stored]
        over = tree.Stored(count, SHA).over
        whole = merkle.subtrees(values, SHA)
        for index in (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999):
            assert path(index, count, over) == path(index, count, whole)
        for older in (1, 256, 60_000, 65_536, 69_632, 69_999):
            assert consistency(older, count, over) == consistency(older, count, whole)
        assert checked(settings).is_true

    def test_a_proof_asks_few_rows(self, django_assert_max_num_queries):
        (event,) = sealed(1000)[500:501]
        with django_assert_max_num_queries(8, connection=connections["trail"]):
            assert selectors.receipt(event)

    def test_what_a_restored_database_held_stays_and_what_comes_is_sealed(self, settings):
        """A cluster that counts its transactions from the beginning again (pg_restore)."""
        with as_owner() as owner:  # events from a cluster that had counted much further
            for number in range(4):
                owner(
                    "INSERT INTO audit_event (xid, at, kind, outcome, role, session, request_id,"
                    " door, subject, before, after, facts) VALUES (%s, %s, 'test.old', 'done', '',"
                    " '', '', '', '', '', '', '{}')",
                    2**40 + number,
                    NOON,
                )
        seal_as_if_restored(2)
        fresh = happen(3)
        assert sealing.seal(NOON) == 2  # what was left from before
        assert selectors.sealed_until(NOON + timedelta(1)) == NOON
        assert sealing.seal(NOON) == 3
        more = happen(1)
        assert sealing.seal(NOON) == 1
        order = Leaf.objects.using("trail").order_by("position").values_list("event_id", flat=True)
        assert list(order)[4:] == [event.pk for event in [*fresh, *more]]
        verdict = checked(settings)
        assert verdict.is_true, verdict.findings

    def test_sealed_until_is_the_time_of_what_waits(self):
        later = NOON + timedelta(hours=1)
        assert selectors.sealed_until(later) == later
        happen(1)
        assert selectors.sealed_until(later) == NOON
        sealing.seal(NOON)
        assert selectors.sealed_until(later) == later

    def test_an_event_cannot_name_another_transaction(self):
        with pytest.raises(DatabaseError, match="names the transaction"):
            Event.objects.create(kind="test.happen", at=NOON, xid=1)

    @pytest.mark.parametrize("table", ["audit_leaf", "audit_node", "audit_head"])
    def test_runtime_cannot_touch_the_tree_nor_the_auditor_change_it(self, table):
        sealed(300)
        for alias, forbidden in (
            ("default", f"SELECT * FROM {table}"),
            ("default", f"INSERT INTO {table} DEFAULT VALUES"),
            ("default", f"DELETE FROM {table}"),
            ("trail", f"UPDATE {table} SET hash = ''"),
            ("trail", f"DELETE FROM {table}"),
            ("trail", f"TRUNCATE {table}"),
            ("owner", f"DELETE FROM {table}"),
        ):
            with (
                pytest.raises(DatabaseError, match=r"permission denied|Cannot|does not exist"),
                transaction.atomic(using=alias),
                connections[alias].cursor() as cursor,
            ):
                cursor.execute(forbidden)
        with connections["trail"].cursor() as cursor:  # the control
            cursor.execute(f"SELECT count(*) > 0 FROM {table}")
            assert cursor.fetchone() == (True,)


def seal_as_if_restored(count):
    """The old cluster had sealed the first `count` of its events."""
    original = frontier.Frontier.sealable
    try:
        frontier.Frontier.sealable = property(lambda _self: f"e.id <= {count}")
        sealing.seal(NOON)
    finally:
        frontier.Frontier.sealable = original


class SlowWriter:
    """An event that has its id and is not committed yet, in a connection of its own."""

    def __enter__(self):
        self.connection = connections.create_connection("default")
        self.connection.connect()
        self.connection.set_autocommit(False)
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_event (at, kind, outcome, role, session, request_id, door,"
                " subject, before, after, facts) VALUES (%s, 'test.slow', 'done', '', '', '', '',"
                " '', '', '', '{}') RETURNING id",
                [NOON],
            )
            (self.event,) = cursor.fetchone()
        return self

    def commit(self):
        self.connection.commit()

    def undo(self):
        self.connection.rollback()

    def __exit__(self, *_):
        self.connection.close()


def at_once(*works):
    outcomes = []

    def run(work):
        try:
            outcomes.append(work())
        except Exception as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


# --- anchors ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("_anchors")
@real
class TestAnchors:
    def anchored(self, settings):
        return [signed and signed.head.size for signed in Anchors(Path(settings.AUDIT_ANCHOR_DIR))]

    def test_a_head_is_anchored_every_ten_seconds_and_after_a_pause(self, settings):
        for seconds, sizes in ((0, [1]), (4, [1]), (9, [1]), (10, [1, 4]), (13, [1, 4])):
            happen(1)
            sealing.seal(NOON + timedelta(seconds=seconds))
            assert self.anchored(settings) == sizes
        sealing.seal(NOON + timedelta(seconds=15))  # nothing new: a pause
        assert self.anchored(settings) == [1, 4, 5]

    def test_a_crash_between_head_and_anchor_is_mended_by_the_next_run(self, settings, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(Anchors, "append", lambda *_: 1 / 0)
            happen(2)
            with pytest.raises(ZeroDivisionError):
                sealing.seal(NOON)
        assert tree.newest_head().size == 2
        sealing.seal(NOON)
        assert self.anchored(settings) == [2]

    def test_a_line_in_which_a_process_died_is_stepped_over(self, settings):
        sealed(1)
        file = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path
        with file.open("a") as half:
            half.write('{"head": "internet-hos')
        happen(1)
        sealing.seal(NOON + timedelta(seconds=20))
        assert self.anchored(settings) == [1, None, 2]
        verdict = checked(settings)
        assert verdict.is_true
        assert "line 2" in verdict.warnings[0]

    def test_the_public_key_lies_beside_them(self, settings):
        sealed(1)
        anchors = Anchors(Path(settings.AUDIT_ANCHOR_DIR))
        assert set(anchors.public_keys()) == {tree.newest_head().key}

    def test_the_root_is_said_in_the_trail_once_a_day(self, trail):
        assert not audit.announce_head(at=NOON)  # nothing sealed yet
        sealed(1)
        at = NOON + timedelta(minutes=1)
        assert audit.announce_head(at=at)
        assert not audit.announce_head(at=at + timedelta(hours=23))
        assert audit.announce_head(at=at + timedelta(hours=24))
        first, _second = trail("audit.anchor")
        head = Head.objects.using("trail").get(size=1)
        assert first.facts["root"] == bytes(head.root).hex()
        assert first.facts["signature"] == head.signature

    def test_the_supervision_platform_keeps_the_root_once_a_day(self, authority):
        sealed(3)
        at = database_now()
        audit.announce_head(at=at)
        assert drain.drain("regulator", at=at) == 1
        assert regulator.upload_next(at=at)
        head = tree.newest_head()
        (kept,) = authority.received(biz_id=head.public_id)
        payload = kept["envelope"]["payload"]
        assert kept["envelope"]["schema"] == "AUDIT_ANCHOR/1"
        assert (payload["size"], payload["root"]) == (3, bytes(head.root).hex())
        assert (payload["key"], payload["sign"]) == (head.key, head.signature)


# --- receipts and bundles --------------------------------------------------------------------


@pytest.mark.usefixtures("_anchors")
@real
class TestProofsOfOneEvent:
    def keys(self):
        return signing.signer().public_key()[1]

    def test_a_receipt_is_checked_with_the_public_key_alone(self, tmp_path):
        (event,) = happen(1)
        assert selectors.receipt(event) is None  # not sealed yet
        sealed(7)
        receipt = json.loads(json.dumps(selectors.receipt(event)))
        assert receipt_is_true(receipt, self.keys())
        assert leaves.parse(receipt["text"])["id"] == event.pk
        other = signing.KeyFile(a_key(tmp_path / "other.pem")).public_key()[1]
        assert not receipt_is_true(receipt, other)

    @pytest.mark.parametrize(
        "change",
        [
            lambda receipt: receipt.update(text=receipt["text"].replace("happen", "hidden")),
            lambda receipt: receipt.update(index=receipt["index"] + 1),
            lambda receipt: receipt.update(hash="00" * 32),
            lambda receipt: receipt.update(size=receipt["size"] + 1),
            lambda receipt: receipt["path"].pop(),
            lambda receipt: receipt["path"].reverse(),
            lambda receipt: receipt["head"].update(
                head=receipt["head"]["head"].replace("size 8", "size 9")
            ),
            lambda receipt: receipt["head"].pop("signature"),
            lambda receipt: receipt.update(text=None),
            lambda receipt: receipt.update(path=["zz"]),
        ],
    )
    def test_a_receipt_in_which_anything_is_changed_is_not_true(self, change):
        event = sealed(8)[3]
        receipt = selectors.receipt(event)
        change(receipt)
        assert not receipt_is_true(receipt, self.keys())

    def test_the_reads_of_a_patient_are_listed_newest_first(self):
        with transaction.atomic():
            for kind in ("record.read", "record.write", "break-glass.read", "patient.unmask"):
                audit.record(kind, by=None, on=None, at=NOON, about=PATIENT, why="care")
            audit.record("record.read", by=None, on=None, at=NOON, about=VISIT, why="care")
        reads = list(selectors.reads_of(PATIENT))
        assert [event.kind for event in reads] == [
            "patient.unmask",
            "break-glass.read",
            "record.read",
        ]
        (last,) = selectors.reads_of(PATIENT, before=reads[1].pk)
        assert last.kind == "record.read"

    def bundle(self, tmp_path, *options):
        out = tmp_path / "bundle.jsonl"
        call_command("export_audit", f"--out={out}", *options, verbosity=0)
        return out

    @pytest.mark.parametrize(
        ("options", "count"),
        [((), 12), (("--from=3", "--to=7"), 4), ((f"--stream={VISIT}",), 2)],
    )
    def test_a_bundle_is_checked_without_database_and_settings(self, tmp_path, options, count):
        happen(2, stream=VISIT)
        sealed(6, 4)
        bundle = self.bundle(tmp_path, *options)
        key = tmp_path / "public.pem"
        key.write_text(self.keys())
        environment = {"PATH": os.environ["PATH"]}  # no address of any service, no secret
        command = [sys.executable, "-m", "audit.offline", str(bundle), f"--public-key={key}"]
        said = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stderr
        assert f"{count} leaves" in said.stdout
        assert "size 12" in said.stdout

    def test_a_bundle_shows_that_the_trail_only_grew(self, tmp_path):
        sealed(6, 4)
        outcome = offline.check(
            self.bundle(tmp_path, "--from=0", "--to=5"), load_keys(self.keys().encode())
        )
        assert outcome.is_true
        assert outcome.older == [6]


@real
def test_nothing_to_export_is_said():
    with pytest.raises(Exception, match="Nothing is sealed"):
        call_command("export_audit", "--out=/dev/null")


def test_moments_are_those_of_the_text():
    at = datetime(2026, 3, 10, 4, 0, 0, 123456, tzinfo=UTC)
    assert leaves.moment("1773115200123456") == at
    assert timezone.is_aware(leaves.moment("0"))
