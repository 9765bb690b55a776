"""Writes the trail. No audit, no act: the event stands in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from audit import feeds
from audit.models import Event, Pending
from audit.services.strangers import count_stranger
from hospital.kernel import context, jobs
from hospital.kernel.canonical import digest
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Refused


def record(
    kind: str,
    *,
    by: Any,
    on: models.Model | None,
    at: datetime,
    about: UUID | None = None,
    stream: UUID | None = None,
    before: object = None,
    after: object = None,
    **facts: Any,
) -> Event:
    """Say that `by` did `kind` to `on`. `by` is a user, or None for the platform itself.

    `about` is the patient's public id, `stream` the visit's. `before` and `after` (states, or
    mappings of what changed) are stored as digests; states also in the facts. Facts are codes
    and numbers, never personal text. Refuses to run outside a transaction.
    """
    assert transaction.get_connection().in_atomic_block, f"{kind} outside its transaction"
    states = {k: str(v) for k, v in (("before", before), ("after", after)) if _is_word(v)}
    event = Event.objects.create(
        kind=kind,
        at=at,
        actor=getattr(by, "public_id", None),
        subject=_subject(on),
        about=about,
        stream=stream,
        before="" if before is None else digest(before),
        after="" if after is None else digest(after),
        facts={**states, **facts},
        **_circumstances(),
    )
    _announce(event)
    return event


def witness(refusal: Refused) -> None:
    """Record a refusal, after its transaction was undone. Called by the doors' one handler.

    Of whoever has not signed in it is counted and summed up, see `strangers`.
    """
    here, at = context.current(), database_now()
    if here.user is None:
        count_stranger(refusal, at=at)
        return
    Event.objects.create(
        kind="door.refuse",
        outcome="refused",
        at=at,
        actor=here.user,
        facts={"code": refusal.code, "status": refusal.status, "access": here.access}
        | ({"rules": refusal.facts["rules"]} if "rules" in refusal.facts else {}),
        **_circumstances(),
    )


def note_failure(kind: str, *, by: Any, at: datetime, **facts: Any) -> None:
    """Record something that failed and changes nothing else (a wrong code, a wrong password)."""
    Event.objects.create(
        kind=kind,
        outcome="refused",
        at=at,
        actor=getattr(by, "public_id", None),
        facts=facts,
        **_circumstances(),
    )


def _announce(event: Event) -> None:
    """Leave a pending row for every feed that follows this kind, and wake the drain."""
    following = feeds.following(event.kind)
    Pending.objects.bulk_create(
        [Pending(feed=feed.name, event=event, due_at=event.at) for feed in following]
    )
    for feed in following:
        jobs.after_commit("audit.drain", feed.name)


def _circumstances() -> Mapping[str, Any]:
    here = context.current()
    return {
        "role": here.role,
        "ip": here.ip or None,
        "session": here.session,
        "request_id": here.request_id,
        "door": here.door[:160],
    }


def _subject(on: models.Model | None) -> str:
    return f"{on._meta.label_lower}:{on.public_id}" if on is not None else ""  # type: ignore[attr-defined]


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 24
