"""What a person of finance must look at. Raising the same alarm again adds nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from hospital.payments.models import Alarm


def raise_alarm(kind: str, *, trade_no: str, at: datetime, **facts: Any) -> None:
    if not Alarm.objects.filter(kind=kind, trade_no=trade_no, facts=facts).exists():
        Alarm.objects.create(kind=kind, trade_no=trade_no, facts=facts, at=at)


def alarm(kind: str, *, trade_no: str, at: datetime, **facts: Any) -> Callable[[], None]:
    """The alarm as evidence of a refusal: written once the refusal has undone everything else."""
    return lambda: raise_alarm(kind, trade_no=trade_no, at=at, **facts)
