"""Double entry: every posting takes a sum from one account and puts it into another.

`gateway` is what the payment platform holds for us, `held` what we owe to payers, and each kind
of charge is the income of its room.
"""

import uuid
from datetime import datetime
from typing import Final

from hospital.payments.models import Charge, Entry, Refund

GATEWAY: Final = "gateway"
HELD: Final = "held"


def post(
    charge: Charge,
    amount_fen: int,
    *,
    into: str,
    out_of: str,
    at: datetime,
    refund: Refund | None = None,
) -> None:
    posting = uuid.uuid4()
    sides = ((into, amount_fen), (out_of, -amount_fen))
    Entry.objects.bulk_create(
        Entry(posting=posting, account=name, amount_fen=fen, charge=charge, refund=refund, at=at)
        for name, fen in sides
    )
