"""Is the audit trail what was sealed? 0 yes, 1 no; what is wrong is named by position."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import offline
from audit.anchors import NAME
from audit.proofs.heads import Keys, load_keys
from audit.proofs.merkle import ALGORITHMS
from audit.verifying import Verdict, verify
from hospital.kernel.clock import database_now


class Command(BaseCommand):
    help = "Checks the audit trail against its tree, its signed heads and its anchors."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help=f"another folder of anchors, or its {NAME}"
        )
        parser.add_argument("--public-key", type=Path, help="PEM that you trust; may hold several")
        parser.add_argument("--algorithm", choices=ALGORITHMS, help="the tree must be of this one")
        parser.add_argument(
            "--offline", type=Path, metavar="BUNDLE", help="a bundle of export_audit, no database"
        )

    def handle(self, *_args: Any, **given: Any) -> None:
        keys = _keys(given["public_key"])
        if given["offline"] is not None:
            if keys is None:
                raise CommandError("Give --public-key: a bundle is checked with that alone.")
            outcome = offline.check(given["offline"], keys)
            self.stdout.write(offline.told(outcome), ending="")
            if not outcome.is_true:
                raise SystemExit(1)
            return
        anchors = given["anchors"] or Path(settings.AUDIT_ANCHOR_DIR)
        verdict = verify(
            at=database_now(),
            anchors=anchors.parent if anchors.name == NAME else anchors,
            keys=keys,
            algorithm=given["algorithm"],
        )
        self._tell(verdict)
        if not verdict.is_true:
            raise SystemExit(1)

    def _tell(self, verdict: Verdict) -> None:
        for warning in verdict.warnings:
            self.stdout.write(f"! {warning}")
        for finding in verdict.findings:
            self.stdout.write(f"✗ {finding}")
        if verdict.more:
            self.stdout.write(f"✗ …… and {verdict.more} more")
        mark = (
            "✓ 审计记录完好 the trail is whole" if verdict.is_true else "✗ 审计记录有误 it is not"
        )
        self.stdout.write(mark)
        head_at = verdict.head_at.isoformat() if verdict.head_at else "-"
        self.stdout.write(f"  size {verdict.size}, root {verdict.root} ({verdict.algorithm})")
        self.stdout.write(f"  head of {head_at}, anchored up to {verdict.anchored}")
        self.stdout.write(f"  not sealed yet: {verdict.waiting}")


def _keys(path: Path | None) -> Keys | None:
    if path is None:
        return None
    try:
        keys = load_keys(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error
    if not keys:
        raise CommandError(f"{path} holds no public key.")
    return keys
