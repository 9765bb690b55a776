"""Checks an exported bundle with the public key alone: no database, no settings, no platform.

python -m audit.offline bundle.jsonl --public-key key.pem
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audit.proofs.heads import Keys, SignedHead, load_keys
from audit.proofs.leaves import parse
from audit.proofs.merkle import Hashing, is_consistent, is_included

BUNDLE = 1


@dataclass
class Outcome:
    """What a bundle proves, or the first things that are wrong with it."""

    head: SignedHead | None = None
    of: str = ""  # which leaves the bundle says it holds
    leaves: int = 0
    older: list[int] = field(default_factory=list)  # sizes of older heads shown to be consistent
    wrong: list[str] = field(default_factory=list)

    @property
    def is_true(self) -> bool:
        return not self.wrong


def check(path: Path, keys: Keys) -> Outcome:
    """Read a bundle line by line, in flat memory. A file that is no bundle is wrong, no error."""
    outcome = Outcome()
    try:
        with path.open(encoding="utf-8") as file:
            _check((json.loads(line) for line in file), keys, outcome)
    except OSError as error:
        outcome.wrong.append(f"{path}: {error.strerror}.")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        outcome.wrong.append(f"The line after leaf {outcome.leaves - 1} cannot be read: {error!r}.")
    return outcome


def _check(lines: Iterator[dict[str, Any]], keys: Keys, outcome: Outcome) -> None:
    first = next(lines, {})
    if first.get("bundle") != BUNDLE:
        outcome.wrong.append(f"This is not a bundle of version {BUNDLE}.")
        return
    outcome.head = head = SignedHead.from_json(first["head"])
    if not head.is_signed(keys):
        outcome.wrong.append("The head is not signed by this public key.")
        return
    outcome.of = (
        f"all from {first['from']} to {first['to'] - 1}, without a gap"
        if first["kind"] == "range"
        else f"chosen by {first['kind']}; nothing shows what was left out"
    )
    hashing = Hashing(head.head.algorithm)
    last, ended = first.get("from", 0) - 1, False
    for line in lines:
        if ended:
            outcome.wrong.append("The bundle goes on after its end.")
            return
        if "leaf" in line:
            _check_leaf(line, last, first, hashing, outcome)
            last = line["leaf"]
        elif "older" in line:
            _check_older(line, hashing, keys, outcome)
        else:
            ended = True
            if line["end"] != outcome.leaves:
                outcome.wrong.append(
                    f"The bundle says {line['end']} leaves and has {outcome.leaves}."
                )
    if not ended:
        outcome.wrong.append(f"The bundle breaks off after leaf {last}.")
    elif first["kind"] == "range" and last != first["to"] - 1:
        outcome.wrong.append(f"Leaves from {last + 1} to {first['to'] - 1} are missing.")


def _check_leaf(
    line: dict[str, Any], last: int, first: dict[str, Any], hashing: Hashing, outcome: Outcome
) -> None:
    assert outcome.head is not None
    head, here = outcome.head.head, line["leaf"]
    outcome.leaves += 1
    told = parse(line["text"])
    named = f"Leaf {here} (event {told['id']}, {told['kind']}, {told['at'].isoformat()})"
    if here <= last or (first["kind"] == "range" and here != last + 1):
        outcome.wrong.append(f"{named} does not follow leaf {last}.")
    path = [bytes.fromhex(each) for each in line["path"]]
    leaf = hashing.leaf(line["text"].encode())
    if not is_included(leaf, here, head.size, path, head.root, hashing):
        outcome.wrong.append(f"{named} is not what was sealed there.")


def _check_older(line: dict[str, Any], hashing: Hashing, keys: Keys, outcome: Outcome) -> None:
    assert outcome.head is not None
    newer, signed = outcome.head.head, SignedHead.from_json(line["older"])
    older = signed.head
    proof = [bytes.fromhex(each) for each in line["consistency"]]
    if not signed.is_signed(keys):
        outcome.wrong.append(f"The older head of {older.size} is not signed by this public key.")
    elif not is_consistent(older.size, older.root, newer.size, newer.root, proof, hashing):
        outcome.wrong.append(f"The head of {newer.size} does not continue that of {older.size}.")
    else:
        outcome.older.append(older.size)


def told(outcome: Outcome) -> str:
    """For people: what is wrong, or what is shown."""
    if outcome.wrong:
        return "".join(f"✗ {each}\n" for each in outcome.wrong[:20])
    assert outcome.head is not None
    head = outcome.head.head
    lines = [
        f"✓ {outcome.leaves} leaves stand in the trail of {head.hospital}.",
        f"  {outcome.of}",
        f"  size {head.size}, root {head.root.hex()} ({head.algorithm})",
        f"  signed by key {outcome.head.key}, {head.at.isoformat()}",
    ]
    lines += [f"  consistent with the signed head of {size}" for size in outcome.older]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m audit.offline", description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--public-key", type=Path, required=True, help="PEM, from the hospital")
    given = parser.parse_args(arguments)
    outcome = check(given.bundle, load_keys(given.public_key.read_bytes()))
    sys.stdout.write(told(outcome))
    return 0 if outcome.is_true else 1


if __name__ == "__main__":
    sys.exit(main())
