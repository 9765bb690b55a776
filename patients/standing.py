"""Which links stand: not ended, and not past the day on which they end by themselves.

The database's clock decides at each question, so that nobody waits for the job that writes it down.
"""

from typing import Final

from django.db.models import Q
from django.db.models.functions import Now

SPEAKING: Final = ("self", "child", "parent", "spouse", "other")
HELPER: Final = "helper"  # 代办: acts for an adult who agreed, and decides nothing in their stead


def standing(path: str = "") -> Q:
    """Links that stand now; `path` leads to them (`links__`). In one `filter()` with the rest."""
    not_ended = Q(**{f"{path}ended_at": None})
    return not_ended & (Q(**{f"{path}until": None}) | Q(**{f"{path}until__gt": Now()}))


def speaks(path: str = "") -> Q:
    """Links that stand and may decide for the patient: everybody's but a helper's."""
    return standing(path) & Q(**{f"{path}relation__in": SPEAKING})
