"""Whether a receipt is true, in words for people: no database is asked, only the public keys."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise

from audit.anchors import Anchors
from audit.proofs import leaves, receipt_is_true
from hospital.accounts.roles import Role
from patients.selectors.reads import WHATS


@dataclass(frozen=True)
class Verdict:
    """`is_receipt`: whether it has the shape of one at all; then whether what it says is sealed."""

    is_receipt: bool
    is_true: bool
    at: datetime | None = None
    role: str = ""
    what: str | Promise = ""
    number: int = 0
    size: int = 0


def verdict(text: str) -> Verdict:
    told = _parsed(text)
    if told is None:
        return Verdict(is_receipt=False, is_true=False)
    keys = Anchors(Path(settings.AUDIT_ANCHOR_DIR)).public_keys()
    if not receipt_is_true(told, keys):
        return Verdict(is_receipt=True, is_true=False)
    leaf = leaves.parse(told["text"])
    role = leaf["role"] or ""
    return Verdict(
        is_receipt=True,
        is_true=True,
        at=leaf["at"],
        role=str(Role(role).label) if role in Role.values else "",
        what=WHATS.get(leaf["kind"], leaf["kind"]),
        number=int(told["index"]) + 1,
        size=int(told["size"]),
    )


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(told, dict) and isinstance(told.get("text"), str) and "head" in told:
        return told
    return None
