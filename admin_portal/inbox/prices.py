"""Lines of the price list that finance proposed, beside the one of their code in force."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_portal.inbox.frame import Decided, Kind, Words, register
from admin_portal.inbox.telling import steps_of, told
from doctors.lifecycle import PriceState
from doctors.models import Price
from hospital.accounts.models import User
from hospital.accounts.roles import Role
from hospital.kernel.calendar import local_date
from hospital.kernel.money import yuan


def _theirs(user: User) -> QuerySet[Price]:
    """The second person's, of another office than who proposed it."""
    rows = Price.objects.select_related("proposed_by", "decided_by")
    if not (user.holds(Role.OUTPATIENT_OFFICE) or user.holds(Role.MEDICAL_AFFAIRS)):
        return rows.none()
    return rows.exclude(proposed_by=user).filter(proposed_by__isnull=False)


def _rows(user: User, _at: datetime) -> QuerySet[Price]:
    return _theirs(user).filter(state=PriceState.PROPOSED)


def _title(row: Price) -> Words:
    return f"{row.code} · {row.name} · ¥{yuan(row.price_fen)}"


def _notes(row: Price, at: datetime) -> list[Words]:
    if row.state == PriceState.PROPOSED and row.starts_on < local_date(at):
        return [_("生效日期已过，不能公布。请写明理由退回，由财务处重新提出。")]
    return []


def _decided(row: Price) -> Decided:
    return Decided(row.face, str(row.decided_by or ""), row.decided_at)


register(
    Kind(
        name="price",
        label=gettext_lazy("价目"),
        access="admin.prices",
        asked_at="proposed_at",
        rows=_rows,
        theirs=_theirs,
        title=_title,
        facts=told(Price, "code", "service", "name", "name_en", "whose", "starts_on"),
        notes=_notes,
        decided=_decided,
        steps=steps_of(Price, "publish", "refuse"),
    )
)
