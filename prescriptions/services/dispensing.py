"""The pharmacy hands the medicines out, once, after every check was made again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from doctors import selectors as doctors
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, WrongState, require
from patients import services as patients
from prescriptions import selectors
from prescriptions.lifecycle import LIFECYCLE, DeliveryState
from prescriptions.models import Delivery, Dispensing, Drug, Line, Prescription
from prescriptions.permissions import is_author, may_dispense
from prescriptions.services.reviewing import must_be_authentic
from prescriptions.services.steps import step
from prescriptions.wording import sig


@transaction.atomic
def dispense(
    prescription: Prescription,
    *,
    by: Any,
    at: datetime,
    batches: Sequence[Mapping[str, str]] = (),
) -> Dispensing:
    """Take the packs from the shelf and write down who handed out what.

    Refused unless it is paid, still valid, and both signatures hold over the text that is there;
    and where the shelf has too little. Twice is refused here and by the database.
    """
    prescription = selectors.locked(prescription)
    pharmacist = doctors.clinician_of(by, "pharmacist")
    require(may_dispense(by, pharmacist), _("只有药师可以发药。"))
    assert pharmacist is not None
    require(
        not is_author(by, prescription),
        _("自己开的处方要由别的药师发药。"),
        code="own-prescription",
    )
    require(
        doctors.credential_for_share(pharmacist, local_date(at)) is not None,
        _("您的药师资质现在不在有效状态，请联系医务处。"),
        code="credential",
    )
    LIFECYCLE.after(prescription.state, "dispense")
    _must_be_due(prescription, at)
    must_be_authentic(prescription, reviewed=True)
    lines = list(prescription.lines.select_related("drug").order_by("position"))
    _take_from_the_shelf(lines)
    dispensing = Dispensing.objects.create(
        prescription=prescription, by=pharmacist, at=at, batches=[dict(each) for each in batches]
    )
    step("dispense", prescription, by=by, at=at, packs=sum(line.packs for line in lines))
    _note_medicines(prescription, lines, at=at)
    return dispensing


def _must_be_due(prescription: Prescription, at: datetime) -> None:
    if prescription.valid_until is None or prescription.valid_until < local_date(at):
        raise WrongState(_("处方已过有效期，不能发药。"), code="expired")
    if Prescription.objects.filter(supersedes=prescription).exists():
        raise WrongState(_("这张处方有了新的版本，不能发药。"), code="superseded")
    delivery = Delivery.objects.filter(prescription=prescription).first()
    if delivery is None or delivery.state != DeliveryState.PACKED:
        raise WrongState(_("药费还没有支付，不能发药。"), code="not-paid")


def _take_from_the_shelf(lines: Sequence[Line]) -> None:
    """Count down in the order of the drugs, so that two pharmacists never wait for each other."""
    needed: dict[int, int] = {}
    for line in lines:
        needed[line.drug_id] = needed.get(line.drug_id, 0) + line.packs
    names = {line.drug_id: line.drug.name for line in lines}
    for drug_id, packs in sorted(needed.items()):
        enough = Drug.objects.filter(pk=drug_id, packs__gte=packs)
        if not enough.update(packs=F("packs") - packs):
            raise Refused(
                _("%(drug)s库存不足，请补货后再发药，或联系医生调整。") % {"drug": names[drug_id]},
                code="out-of-stock",
            )


def _note_medicines(prescription: Prescription, lines: Sequence[Line], *, at: datetime) -> None:
    """From today the patient takes these; the next doctor sees it."""
    today = local_date(at)
    for line in lines:
        patients.note_medicine(
            prescription.patient,
            name=line.drug.name,
            atc=line.drug.atc,
            dosage=sig(line.dose, line.dose_unit, line.frequency, line.route),
            since=today,
            until=today + timedelta(days=line.days),
            origin=prescription.public_id,
            at=at,
        )
