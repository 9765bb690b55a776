"""Show a manager in full what lists show masked: with a reason, in the trail, once (8.1.4.11b)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts import guesses
from hospital.accounts.models import User
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, require
from patients.models import Patient, Unmasking
from patients.permissions import may_unmask
from patients.unmasking import BY_CODE

OFTEN: Final = guesses.Limit("unmask", 60, timedelta(hours=1))
LEAST_NOTE, NOTE = 5, 200  # characters


def unmask(
    patient: Patient, *, details: Collection[str], reason: str, note: str, by: User, at: datetime
) -> dict[str, str]:
    """The details asked for, in full, by name. Not atomic: how often is counted first.

    Refuses a detail that the role has no work with, an unknown reason, a note that says nothing.
    """
    wanted = sorted(set(details))
    if not wanted:
        raise Refused(_("请选择要看哪一项。"), code="nothing-chosen")
    require(may_unmask(by, wanted), _("您的岗位不能看这一项。"), code="detail-not-yours")
    if reason not in BY_CODE:
        raise Refused(_("请从列出的原因里选一个。"), code="reason-unknown")
    note = prose(note, limit=NOTE)
    if len(note) < LEAST_NOTE:
        raise Refused(
            _("请写清楚为什么要看，至少 %(least)s 个字。") % {"least": LEAST_NOTE},
            code="note-too-short",
        )
    guesses.count(OFTEN, str(by.public_id), at=at)
    return _unmask(patient, wanted, reason=reason, note=note, by=by, at=at)


@transaction.atomic
def _unmask(
    patient: Patient, details: list[str], *, reason: str, note: str, by: User, at: datetime
) -> dict[str, str]:
    row = Unmasking.objects.create(
        patient=patient, by=by, at=at, details=details, reason=reason, note=note
    )
    audit.record(
        "patient.unmask",
        by=by,
        on=row,
        at=at,
        about=patient.public_id,
        why="manage",
        reason=reason,
        fields=details,
    )
    return {name: getattr(patient, name) or "" for name in details}
