"""封存: seal what is disputed as it stands, in a list of digests; let go by a second person."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.roles import Role
from hospital.kernel.canonical import digest
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import NotAllowed, Refused, WrongState, require
from patients import exporting, selectors
from patients.exporting import Asking
from patients.lifecycle import HOLD, HoldState
from patients.models import LegalHold, Patient, Sealed

BATCH: Final = 500  # lines written at once


@transaction.atomic
def place_hold(
    patient: Patient, *, stream: UUID | None, reason: str, by: Any, at: datetime
) -> LegalHold:
    """Seal a patient's record, or one visit of it. Nothing of it is purged until it is lifted.

    The list says what was there, thing by thing, with a digest of each.
    """
    require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以封存病历。"))
    patient = selectors.locked(patient)
    why = prose(reason, limit=500)
    if not why:
        raise Refused(_("请写明封存的理由。"), code="reason-missing")
    if selectors.holds_standing(patient).filter(stream=stream).exists():
        raise WrongState(_("已经封存，不用再封。"), code="held-already")
    hold = LegalHold.objects.create(
        patient=patient, stream=stream, reason=why, placed_by=by, placed_at=at
    )
    sums = _list(hold)
    if not sums:
        raise Refused(_("没有找到可以封存的内容，请核对编号。"), code="nothing-to-seal")
    hold.items, hold.digest = len(sums), digest(sums)
    hold.save(update_fields=["items", "digest"])
    audit.record(
        "hold.place",
        by=by,
        on=hold,
        about=patient.public_id,
        stream=stream,
        at=at,
        items=hold.items,
        digest=hold.digest,
    )
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Any, at: datetime, why: str) -> LegalHold:
    """Unseal; never by the person who sealed it."""
    require(by.holds(Role.MEDICAL_AFFAIRS), _("只有医务处可以解除封存。"))
    hold = selectors.locked_hold(hold)
    if hold.placed_by_id == by.pk:
        raise NotAllowed(_("封存的人不能自己解除，请另一位同事来。"), code="second-person")
    hold.state = HOLD.after(hold.state, "lift")
    hold.lifted_at, hold.lifted_by, hold.note = at, by, prose(why, limit=500)
    hold.save(update_fields=["state", "lifted_at", "lifted_by", "note"])
    audit.record(
        "hold.lift",
        by=by,
        on=hold,
        about=hold.patient.public_id,
        stream=hold.stream,
        at=at,
        before=HoldState.STANDING,
        after=hold.state,
    )
    return hold


def differences(hold: LegalHold) -> list[tuple[str, str]]:
    """What is no longer as it was sealed, as (section, id): changed, or gone."""
    now = {(section, item): sum_of for section, item, sum_of in _rows(hold)}
    lines = hold.list.values_list("section", "item", "digest")
    return [(section, item) for section, item, was in lines if now.get((section, item)) != was]


def _list(hold: LegalHold) -> list[str]:
    """Write the list line by line. Returns the digests in order."""
    sums: list[str] = []
    lines = (
        Sealed(hold=hold, position=position, section=section, item=item, digest=sum_of)
        for position, (section, item, sum_of) in enumerate(_rows(hold), 1)
    )
    while batch := list(islice(lines, BATCH)):
        Sealed.objects.bulk_create(batch)
        sums += [each.digest for each in batch]
    return sums


def _rows(hold: LegalHold) -> Iterator[tuple[str, str, str]]:
    asking = Asking(Patient.objects.select_related("person").get(pk=hold.patient_id))
    for section in exporting.sections():
        if not section.is_record:
            continue
        for row in section.collect(asking):
            if hold.stream is None or row.get("visit") == hold.stream:
                yield section.name, str(row["id"]), digest(row)
