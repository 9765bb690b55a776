"""Who may pay."""

from typing import Any

from hospital.payments.models import Charge


def may_pay(user: Any, charge: Charge) -> bool:
    return bool(charge.payer_id == user.pk)
