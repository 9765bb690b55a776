"""Whether the books still say what was done: charges, ledger and trail against each other.

The trail is sealed (`bin/manage verify_audit`), so whoever edits an amount in the database, with
whatever rights, contradicts it (8.1.4.7b).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Sum

from audit import selectors as audit
from audit.models import Event
from hospital.payments.lifecycle import ChargeState, RefundState
from hospital.payments.models import Charge, Entry, Refund
from hospital.payments.services.ledger import GATEWAY

MANY: Final = 500  # charges at a time


def disagreements() -> Iterator[str]:
    """One sentence for each charge or posting that does not fit; nothing where all is well."""
    unequal = Entry.objects.values("posting").annotate(fen=Sum("amount_fen")).exclude(fen=0)
    for row in unequal.order_by("posting").iterator():
        yield f"posting {row['posting']}: its sides differ by {row['fen']} fen"
    last = 0
    while charges := list(Charge.objects.filter(pk__gt=last).order_by("pk")[:MANY]):
        yield from _of(charges)
        last = charges[-1].pk


def _of(charges: Sequence[Charge]) -> Iterator[str]:
    taken, given = _at_the_gateway(charges)
    refunds = _refunded(charges)
    told = _told(charges)
    for charge in charges:
        captured = charge.amount_fen if charge.state == ChargeState.PAID else 0
        says = f"charge {charge.trade_no}"
        if taken[charge.pk] != captured:
            yield f"{says}: {captured} fen were captured, the ledger says {taken[charge.pk]}"
        if given[charge.pk] != refunds[charge.pk]:
            yield f"{says}: {refunds[charge.pk]} fen went back, the ledger says {given[charge.pk]}"
        for event in told[str(charge.public_id)]:
            if event.facts.get("amount_fen") != charge.amount_fen:
                yield f"{says}: {charge.amount_fen} fen, event {event.pk} says otherwise"
        if not told[str(charge.public_id)]:
            yield f"{says}: the trail knows nothing of it"
        elif told[str(charge.public_id)][-1].facts.get("after") != charge.state:
            yield f"{says}: {charge.state}, the trail says otherwise"


def _at_the_gateway(charges: Sequence[Charge]) -> tuple[dict[int, int], dict[int, int]]:
    """Fen that came to and went from the payment platform, by charge."""
    taken: dict[int, int] = defaultdict(int)
    given: dict[int, int] = defaultdict(int)
    for entry in Entry.objects.filter(charge__in=charges, account=GATEWAY):
        if entry.amount_fen > 0:
            taken[entry.charge_id] += entry.amount_fen
        else:
            given[entry.charge_id] -= entry.amount_fen
    return taken, given


def _refunded(charges: Sequence[Charge]) -> dict[int, int]:
    back: dict[int, int] = defaultdict(int)
    for refund in Refund.objects.filter(charge__in=charges, state=RefundState.DONE):
        back[refund.charge_id] += refund.amount_fen
    return back


def _told(charges: Sequence[Charge]) -> dict[str, list[Event]]:
    """What the trail says of each charge, oldest first, by public id."""
    told: dict[str, list[Event]] = defaultdict(list)
    subjects = [f"payments.charge:{charge.public_id}" for charge in charges]
    events = audit.trail().filter(subject__in=subjects, kind__startswith="charge.", outcome="done")
    for event in events.order_by("id"):
        if "amount_fen" in event.facts:
            told[event.subject.partition(":")[2]].append(event)
    return told
