"""Publish a policy, keep a decision, take it again."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel.canonical import canonical, digest
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from hospital.policy import replays, selectors
from hospital.policy.models import Decision, Version
from hospital.policy.permissions import may_publish
from hospital.policy.values import Policy


@transaction.atomic
def publish(changes: Mapping[str, Any], *, by: User, at: datetime, note: str) -> Version:
    """Put a new version in force: the current one with `changes`. Earlier ones stay for ever."""
    require(may_publish(by), _("只有医务处可以发布规则。"))
    before = selectors.current()
    after = before.values.changed(changes)
    if after == before.values:
        raise Refused(_("没有改动，不需要发布。"), code="policy-unchanged")
    version = _next(before.number, asdict(after), by=by, at=at, note=prose(note, limit=200))
    audit.record(
        "policy.publish",
        by=by,
        on=version,
        at=at,
        before=asdict(before.values),
        after=version.values,
        number=version.number,
        names=sorted(changes),
    )
    return version


def _next(number: int, values: dict[str, Any], *, by: User, at: datetime, note: str) -> Version:
    """The version after `number`; refused where somebody else has just published it."""
    try:
        with transaction.atomic():
            return Version.objects.create(
                number=number + 1, values=values, published_at=at, published_by=by, note=note
            )
    except IntegrityError:
        raise WrongState(
            _("刚刚有人发布了新版本，请刷新后再看一遍。"), code="policy-moved"
        ) from None


def keep(
    kind: str,
    *,
    on: models.Model | None,
    by: Any,
    at: datetime,
    about: UUID | None,
    stream: UUID | None,
    outcome: str,
    facts: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
    data_version: str,
    engine_version: str,
    policy: Version,
    rules: Sequence[str],
) -> Decision:
    """Store what was decided and all it rests on, in the caller's transaction.

    `on` is only named, never read: it may have been rolled back with a refusal.
    """
    assert kind in replays.kinds(), f"{kind}: nobody could take this decision again"
    seen, found = canonical(facts), canonical(findings)
    decision = Decision(
        kind=kind,
        subject=f"{on._meta.label_lower}:{on.public_id}" if on is not None else "",  # type: ignore[attr-defined]
        about=about,
        stream=stream,
        at=at,
        by=getattr(by, "public_id", None),
        outcome=outcome,
        rules=list(rules),
        policy=policy,
        data_version=data_version,
        engine_version=engine_version,
        facts=seen,
        findings=found,
    )
    decision.digest = _digest(decision)
    decision.save()
    return decision


def replay(decision: Decision) -> bool:
    """Whether the same facts under the same policy still give the same answer, byte for byte."""
    policy = Policy.of(decision.policy.values)
    outcome, findings = replays.of(decision.kind)(json.loads(decision.facts), policy)
    return (
        decision.digest == _digest(decision)
        and outcome == decision.outcome
        and canonical(findings) == decision.findings
    )


def _digest(decision: Decision) -> str:
    return digest(
        {
            "kind": decision.kind,
            "subject": decision.subject,
            "outcome": decision.outcome,
            "facts": decision.facts,
            "findings": decision.findings,
            "policy": decision.policy.number,
            "data": decision.data_version,
            "engine": decision.engine_version,
        }
    )
