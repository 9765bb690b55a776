"""Files as somebody may see them."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from hospital.accounts.models import User
from hospital.files import readers
from hospital.files.models import File
from hospital.kernel.calendar import BEIJING, local_date


def readable(user: Any, public_id: UUID) -> File | None:
    """The file, if there is one and its room lets `user` read it."""
    file = File.objects.filter(public_id=public_id).first()
    return file if file is not None and readers.may_read(user, file) else None


@dataclass(frozen=True)
class Kept:
    count: int
    size: int  # bytes


def kept_today(user: User, at: datetime) -> Kept:
    """What an account has kept since midnight in Beijing."""
    midnight = datetime.combine(local_date(at), time.min, BEIJING)
    found = File.objects.filter(by=user, at__gte=midnight).aggregate(
        count=Count("pk"), size=Sum("size", default=0)
    )
    return Kept(**found)
