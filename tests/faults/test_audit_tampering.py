"""Whoever holds the database can change it; the trail says where. One drill for each way.

Every drill works on a database of its own, made from the template, with the owner's hands and the
triggers switched off; the last column of each is what `verify_audit` says.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from audit import offline, rows, sealing, signing
from audit.anchors import Anchors
from audit.models import Event, Head
from audit.proofs import Hashing, load_keys
from audit.verifying import What
from hospital.embedded.keys import audit_key_file
from hospital.embedded.place import Place
from tests.conftest import NOON
from tests.faults.audit_ground import LATER, as_owner, checked, happen, sealed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])

COUNTS = (300, 300, 300)  # leaves under three heads, each anchored: 300, 600, 900


@pytest.fixture(autouse=True)
def _own_anchors(settings, tmp_path) -> Iterator[None]:
    settings.AUDIT_ANCHOR_DIR = str(tmp_path / "anchors")
    yield
    signing._named.cache_clear()


@pytest.fixture
def events():
    return many(*COUNTS)


def many(*counts):
    """The events of each count come from one transaction."""
    for number, count in enumerate(counts):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_event (at, kind, outcome, role, session, request_id, door,"
                " subject, before, after, facts) SELECT %s, 'test.happen', 'done', '', '', '', '',"
                " '', '', '', jsonb_build_object('n', n) FROM generate_series(1, %s) AS n",
                [NOON, count],
            )
        sealing.seal(NOON + timedelta(seconds=11 * number))
    return list(Event.objects.using("trail").order_by("id"))


def said(*options: str) -> tuple[int, str]:
    """The exit code of `verify_audit`, and what it says."""
    out = StringIO()
    try:
        call_command("verify_audit", *options, stdout=out)
    except SystemExit as ended:
        return int(ended.code), out.getvalue()
    return 0, out.getvalue()


def only(verdict, what):
    """The first finding of this drill, which is of this kind."""
    assert verdict.first is not None, "nothing was found"
    assert verdict.first.what == what, verdict.findings
    return verdict.first


def first_at(verdict, what, position):
    """This finding is among those told, and no other stands before it."""
    assert verdict.findings, "nothing was found"
    assert verdict.first.position == position, verdict.findings
    (found,) = [each for each in verdict.findings if each.what == what]
    return found


# --- the control -----------------------------------------------------------------------------


def test_an_untouched_trail_is_whole(events, settings):
    happen(2)
    verdict = checked(settings)
    assert verdict.is_true, verdict.findings
    assert (verdict.size, verdict.waiting, verdict.anchored) == (900, 2, 900)
    assert verdict.warnings == []


def test_an_untouched_trail_after_the_owner_looked_at_it_is_whole(events, settings):
    with as_owner() as owner:
        assert owner("SELECT count(*) FROM audit_event") == [(900,)]
    assert checked(settings).is_true


def test_an_empty_trail_is_whole(settings):
    assert checked(settings).is_true


# --- rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'test.other'",
        "at = at + interval '1 microsecond'",
        "actor = '5a3b6f0e-0000-4000-8000-00000000000f'",
        "facts = facts || '{\"n\": -1}'",
        "ip = '10.0.0.1'",
        "xid = xid + 1",
        "outcome = 'refused'",
    ],
)
def test_an_edited_event_is_found(events, settings, change):
    target = events[412]
    with as_owner() as owner:
        owner(f"UPDATE audit_event SET {change} WHERE id = %s", target.pk)
    verdict = checked(settings)
    finding = only(verdict, What.EDITED)
    assert (finding.position, finding.event) == (412, target.pk)
    assert len(verdict.findings) == 1
    assert "not the one that was sealed" in finding.words


def test_of_several_the_first_is_told_first(events, settings):
    with as_owner() as owner:
        owner("UPDATE audit_event SET role = 'x' WHERE id = %s", events[700].pk)
        owner("DELETE FROM audit_event WHERE id = %s", events[20].pk)
    verdict = checked(settings)
    assert [(each.what, each.position) for each in verdict.findings] == [
        (What.DELETED, 20),
        (What.EDITED, 700),
    ]


def test_an_event_deleted_in_the_middle_is_found(events, settings):
    target = events[333]
    with as_owner() as owner:
        owner("DELETE FROM audit_event WHERE id = %s", target.pk)
    finding = only(checked(settings), What.DELETED)
    assert (finding.position, finding.event) == (333, target.pk)
    assert "is gone" in finding.words


def test_an_event_deleted_together_with_its_leaf_is_found(events, settings):
    with as_owner() as owner:
        owner("DELETE FROM audit_leaf WHERE event_id = %s", events[333].pk)
        owner("DELETE FROM audit_event WHERE id = %s", events[333].pk)
    finding = only(checked(settings), What.LEAF_MISSING)
    assert (finding.position, finding.upto) == (333, 334)


def test_an_event_deleted_and_the_leaves_moved_up_is_found(events, settings):
    """What is left agrees leaf by leaf; the signed heads do not."""
    with as_owner() as owner:
        owner("DELETE FROM audit_leaf WHERE event_id = %s", events[333].pk)
        owner("DELETE FROM audit_event WHERE id = %s", events[333].pk)
        owner("UPDATE audit_leaf SET position = position + 9000 WHERE position > 333")
        owner("UPDATE audit_leaf SET position = position - 9001 WHERE position > 9000")
    verdict = checked(settings)
    found = [each for each in verdict.findings if each.what == What.REWRITTEN]
    assert (found[0].position, found[0].upto) == (300, 600)


def test_events_deleted_at_the_tail_are_found(events, settings):
    with as_owner() as owner:
        owner("DELETE FROM audit_event WHERE id >= %s", events[890].pk)
    verdict = checked(settings)
    assert [each.what for each in verdict.findings] == [What.DELETED] * 10
    assert verdict.first.position == 890


def test_a_tail_that_is_gone_with_leaves_nodes_and_heads_is_found_by_the_anchor(events, settings):
    with as_owner() as owner:
        truncate(owner, events, 600)
    verdict = checked(settings)
    finding = only(verdict, What.TRUNCATED)
    assert (finding.position, finding.upto) == (600, 900)
    assert "900 leaves were anchored" in finding.words
    assert len(verdict.findings) == 1


def test_without_the_anchors_a_clean_cut_would_go_unseen(events, settings):
    """The negative control of the one above: it is the anchor that finds it."""
    with as_owner() as owner:
        truncate(owner, events, 600)
    path = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:2]))
    assert checked(settings).is_true


def test_a_tail_that_was_cut_and_grew_again_is_found_by_the_anchor(events, settings):
    with as_owner() as owner:
        truncate(owner, events, 600)
    happen(400)
    sealing.seal(NOON + timedelta(seconds=29))
    finding = first_at(checked(settings), What.FORGED, 600)
    assert (finding.position, finding.upto) == (600, 900)


def truncate(owner, events, size):
    owner("DELETE FROM audit_event WHERE id > %s", events[size - 1].pk)
    owner("DELETE FROM audit_leaf WHERE position >= %s", size)
    owner("DELETE FROM audit_node WHERE (index + 1) << level > %s", size)
    owner("DELETE FROM audit_head WHERE size > %s", size)


def test_an_event_smuggled_below_the_sealed_ones_is_found(events, settings):
    xid = events[450].xid
    with as_owner() as owner:
        ((smuggled,),) = owner(
            "INSERT INTO audit_event (xid, at, kind, outcome, role, session, request_id, door,"
            " subject, before, after, facts) SELECT %s, at, kind, outcome, role, session,"
            " request_id, door, subject, before, after, facts FROM audit_event WHERE id = %s"
            " RETURNING id",
            xid,
            events[450].pk,
        )
    verdict = checked(settings)
    finding = only(verdict, What.INSERTED)
    assert (finding.position, finding.event) == (600, smuggled)  # after all of its transaction
    assert "has no leaf" in finding.words
    assert verdict.waiting == 0


def test_a_leaf_added_beyond_the_newest_head_is_found(events, settings):
    (extra,) = happen(1)
    with as_owner() as owner:
        owner(
            "INSERT INTO audit_leaf (position, event_id, hash) VALUES (900, %s, '\\x00')", extra.pk
        )
    verdict = checked(settings)
    found = {each.what: each for each in verdict.findings}
    assert found[What.INSERTED].position == 900
    assert "beyond the newest head" in found[What.INSERTED].words


def test_an_event_inserted_with_its_leaf_is_found(events, settings):
    """Everything behind it moved one place on, and its own leaf is right."""
    with as_owner() as owner:
        ((extra,),) = owner(
            "INSERT INTO audit_event (xid, at, kind, outcome, role, session, request_id, door,"
            " subject, before, after, facts) SELECT xid, at, kind, outcome, role, session,"
            " request_id, door, subject, before, after, facts FROM audit_event WHERE id = %s"
            " RETURNING id",
            events[650].pk,
        )
        owner("UPDATE audit_leaf SET position = position + 9000 WHERE position >= 650")
        owner("UPDATE audit_leaf SET position = position - 8999 WHERE position >= 9000")
        owner(
            "INSERT INTO audit_leaf (position, event_id, hash) VALUES (650, %s, %s)",
            extra,
            true_hash(extra),
        )
    verdict = checked(settings)
    found = {each.what: each for each in verdict.findings}
    assert (found[What.REWRITTEN].position, found[What.REWRITTEN].upto) == (600, 900)
    assert found[What.REORDERED].position == 650


def test_two_rows_that_exchanged_their_contents_are_found(events, settings):
    first, second = events[100], events[500]
    with as_owner() as owner:
        for old, new in ((first.pk, -1), (second.pk, first.pk), (-1, second.pk)):
            owner("UPDATE audit_event SET id = %s WHERE id = %s", new, old)
    verdict = checked(settings)
    finding = only(verdict, What.SWAPPED)
    assert (finding.position, finding.event) == (100, first.pk)
    assert "leaf 500" in finding.words
    assert [each.position for each in verdict.findings] == [100, 500]


def test_leaves_in_another_order_are_found(events, settings):
    with as_owner() as owner:
        for old, new in ((100, -1), (500, 100), (-1, 500)):
            owner("UPDATE audit_leaf SET position = %s WHERE position = %s", new, old)
    verdict = checked(settings)
    found = [each for each in verdict.findings if each.what == What.REORDERED]
    assert [each.position for each in found] == [100, 499]
    assert "not in their order" in found[0].words
    (rewritten,) = [each for each in verdict.findings if each.what == What.REWRITTEN]
    assert (rewritten.position, rewritten.upto) == (0, 300)


def test_an_event_edited_together_with_its_leaf_is_found_between_two_heads(events, settings):
    with as_owner() as owner:
        owner("UPDATE audit_event SET role = 'x' WHERE id = %s", events[412].pk)
        owner(
            "UPDATE audit_leaf SET hash = %s WHERE event_id = %s",
            true_hash(events[412].pk),
            events[412].pk,
        )
    verdict = checked(settings)
    (rewritten,) = [each for each in verdict.findings if each.what == What.REWRITTEN]
    assert (rewritten.position, rewritten.upto) == (300, 600)
    (node,) = [each for each in verdict.findings if each.what == What.NODE]
    assert node.position <= 412 < node.upto == node.position + 256


def test_a_changed_inner_hash_is_found(events, settings):
    with as_owner() as owner:
        owner("UPDATE audit_node SET hash = '\\x00' WHERE index = 1")
    verdict = checked(settings)
    finding = only(verdict, What.NODE)
    assert (finding.position, finding.upto) == (256, 512)
    assert len(verdict.findings) == 1


@pytest.mark.parametrize("changed", ["xid = xid + 900", "event = event + 900"])
def test_a_head_that_lets_the_sealer_step_over_events_is_found(events, settings, changed):
    """Where sealing goes on is not part of what is signed, so it is compared with the last leaf."""
    with as_owner() as owner:
        owner(f"UPDATE audit_head SET {changed} WHERE size = 900")
    finding = only(checked(settings), What.REWRITTEN)
    assert finding.position == 899
    assert "as its last" in finding.words


# --- heads, keys, anchors --------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed", ["root = '\\x' || '00'::bytea", "at = at + interval '1 s'", "signature = 'AAAA'"]
)
def test_a_head_that_is_not_signed_is_found(events, settings, changed):
    with as_owner() as owner:
        owner(f"UPDATE audit_head SET {changed} WHERE size = 600")
    finding = only(checked(settings), What.SIGNATURE)
    assert finding.position == 599
    assert "the head of 600 leaves is not signed" in finding.words


def test_everything_written_anew_is_found_by_the_anchors(events, settings):
    """The database agrees with itself, and the key was theirs: only what lies outside tells."""
    with as_owner() as owner:
        owner("UPDATE audit_event SET role = 'x' WHERE id = %s", events[412].pk)
        chain_anew(owner)
    verdict = checked(settings)
    finding = only(verdict, What.FORGED)
    assert (finding.position, finding.upto) == (300, 600)
    assert "the database agrees with itself" in finding.words
    assert len(verdict.findings) == 1


def test_without_the_anchors_a_forged_chain_would_go_unseen(events, settings):
    """The negative control of the one above."""
    with as_owner() as owner:
        owner("UPDATE audit_event SET role = 'x' WHERE id = %s", events[412].pk)
        chain_anew(owner)
    path = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path
    path.unlink()
    sealing.anchor(paused=True)
    assert checked(settings).is_true


def test_everything_written_anew_with_another_key_is_found(events, settings, tmp_path):
    ours = load_keys(signing.signer().public_key()[1].encode())
    with as_owner() as owner:
        _another_key(settings, tmp_path)
        chain_anew(owner)
    finding = only(checked(settings, keys=ours), What.SIGNATURE)
    assert finding.position == 299


def chain_anew(owner):
    """Leaves, nodes and heads of whatever the events say now, signed with the key at hand."""
    sizes = list(Head.objects.using("trail").order_by("size").values_list("size", "at"))
    for table in ("audit_leaf", "audit_node", "audit_head"):
        owner(f"DELETE FROM {table}")
    batch = sealing.BATCH
    before = 0
    try:
        for size, at in sizes:
            sealing.BATCH = size - before
            assert sealing._seal_batch(at) == size - before
            before = size
    finally:
        sealing.BATCH = batch


def _another_key(settings, folder):
    (folder / "theirs" / "secrets").mkdir(parents=True)
    settings.AUDIT_KEY_FILE = str(audit_key_file(Place(folder / "theirs")))
    return settings.AUDIT_KEY_FILE


def test_without_any_anchor_it_is_said(events, settings):
    Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path.unlink()
    finding = only(checked(settings), What.ANCHOR_MISSING)
    assert "nothing outside" in finding.words


def test_an_anchor_older_than_a_day_is_said(events, settings):
    last = NOON + timedelta(seconds=22)
    assert checked(settings, at=last + timedelta(hours=24)).is_true
    finding = only(checked(settings, at=last + timedelta(hours=24, seconds=1)), What.ANCHOR_OLD)
    assert finding.position == 899
    assert "nothing was anchored since" in finding.words


def test_a_forged_anchor_is_found(events, settings):
    path = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path
    path.write_text(path.read_text().replace("size 600", "size 601"))
    finding = only(checked(settings), What.SIGNATURE)
    assert "the anchor of 601 leaves" in finding.words


def test_anchors_that_go_back_are_found(events, settings):
    path = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).path
    first, second, third = path.read_text().splitlines(keepends=True)
    path.write_text(first + third + second)
    finding = only(checked(settings), What.ANCHOR_WENT_BACK)
    assert (finding.position, finding.upto) == (600, 900)


def test_a_key_that_one_trusts_counts_more_than_one_that_lies_there(events, settings, tmp_path):
    other = signing.KeyFile(_another_key(settings, tmp_path)).public_key()[1]
    finding = only(checked(settings, keys=load_keys(other.encode())), What.SIGNATURE)
    assert finding.position == 299


# --- the command -----------------------------------------------------------------------------


@pytest.fixture
def today(monkeypatch):
    """The command's clock, within a day of the anchors."""
    monkeypatch.setattr("audit.management.commands.verify_audit.database_now", lambda: LATER)


@pytest.mark.usefixtures("today")
def test_the_command_names_what_is_wrong_and_fails(events):
    assert said()[0] == 0
    with as_owner() as owner:
        owner("UPDATE audit_event SET role = 'x' WHERE id = %s", events[412].pk)
    code, words = said()
    assert code == 1
    assert f"edited: leaf 412, event {events[412].pk}, 2026-03-10T04:00:00+00:00" in words
    assert "被修改" in words


@pytest.mark.usefixtures("today")
def test_the_command_says_what_it_found_whole(events, settings, tmp_path):
    happen(3)
    key = tmp_path / "public.pem"
    key.write_text(signing.signer().public_key()[1])
    anchors = Path(settings.AUDIT_ANCHOR_DIR) / "heads.jsonl"
    code, words = said(f"--anchors={anchors}", f"--public-key={key}", "--algorithm=sha256")
    assert code == 0
    root = bytes(Head.objects.using("trail").get(size=900).root).hex()
    assert f"size 900, root {root} (sha256)" in words
    assert "head of 2026-03-10T04:00:22+00:00, anchored up to 900" in words
    assert "not sealed yet: 3" in words


# --- bundles ---------------------------------------------------------------------------------


@pytest.fixture
def bundle(tmp_path):
    sealed(9, 4)
    out = tmp_path / "bundle.jsonl"
    call_command("export_audit", f"--out={out}", "--from=2", "--to=8", stdout=StringIO())
    return out


def tampered(bundle, change):
    """The bundle after `change` on its parsed lines, checked offline."""
    lines = [json.loads(line) for line in bundle.read_text().splitlines()]
    lines = change(lines) or lines
    bundle.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return offline.check(bundle, load_keys(signing.signer().public_key()[1].encode()))


def put(number, name, value):
    def change(lines):
        lines[number][name] = value(lines[number][name])

    return change


def test_an_untouched_bundle_is_true(bundle):
    assert tampered(bundle, lambda lines: lines).is_true


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put(3, "text", lambda text: text.replace("happen", "hidden")), "Leaf 4"),
        (put(3, "leaf", lambda number: number + 1), "Leaf 5"),
        (put(3, "path", lambda path: path[:-1]), "Leaf 4"),
        (lambda lines: lines[:3] + lines[4:], "does not follow"),
        (lambda lines: [*lines[:3], lines[4], lines[3], *lines[5:]], "does not follow"),
        (lambda lines: lines[:3], "breaks off after leaf 3"),
        (lambda lines: lines[:6] + lines[7:-1] + [{"end": 5}], "from 7 to 7 are missing"),
        (lambda lines: [*lines[:-1], {"end": 5}], "says 5 leaves and has 6"),
        (lambda lines: [*lines, lines[3]], "goes on after its end"),
        (put(0, "bundle", lambda _: 2), "version 1"),
        (
            put(
                0, "head", lambda head: head | {"head": head["head"].replace("size 13", "size 12")}
            ),
            "not signed",
        ),
        (put(0, "head", lambda head: head | {"key": "0" * 16}), "not signed"),
        (put(-2, "consistency", lambda proof: proof[:-1]), "does not continue"),
        (put(-2, "older", lambda head: head | {"signature": "AAAA"}), "older head of 9"),
        (put(3, "text", lambda _: None), "cannot be read"),
    ],
)
def test_a_bundle_in_which_anything_is_changed_is_not_true(bundle, change, words):
    outcome = tampered(bundle, change)
    assert not outcome.is_true
    assert words in " ".join(outcome.wrong), outcome.wrong


def test_a_changed_bundle_fails_the_command(bundle, tmp_path):
    key = tmp_path / "public.pem"
    key.write_text(signing.signer().public_key()[1])
    assert said(f"--offline={bundle}", f"--public-key={key}")[0] == 0
    bundle.write_text(bundle.read_text().replace("happen", "hidden", 1))
    code, words = said(f"--offline={bundle}", f"--public-key={key}")
    assert code == 1
    assert "is not what was sealed there" in words


def true_hash(event):
    return Hashing("sha256").leaf(rows.text_of(event).encode())
