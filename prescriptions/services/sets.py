"""Sets of lines that a doctor keeps, and takes over into a draft knowingly.

A set says nothing about a patient: every line that comes from it is judged anew.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from doctors.models import Clinician
from hospital.kernel.normalise import prose
from hospital.kernel.refusals import Refused, WrongState, require
from prescriptions import selectors
from prescriptions.models import Prescription, Set, SetLine
from prescriptions.permissions import may_write
from prescriptions.services import writing

LONGEST_NAME = 40


@transaction.atomic
def keep_set(prescription: Prescription, name: str, *, by: Any, at: datetime) -> Set:
    """Keep the lines of one's own prescription under a name; the same name is kept anew."""
    require(may_write(by, prescription), _("只能保存自己开的处方。"))
    doctor = Clinician.objects.select_for_update(of=("self",)).get(pk=prescription.doctor_id)
    words = prose(name, limit=LONGEST_NAME)
    lines = list(prescription.lines.select_related("drug").order_by("position"))
    if not words or not lines:
        raise Refused(_("请给这组药起个名字，并至少写好一种药。"), code="set-empty")
    others = doctor.prescription_sets.exclude(name=words)
    if others.count() >= Set.MOST:
        raise WrongState(_("最多 50 组，请先删去一组。"), code="sets-full")
    kept, _made = Set.objects.update_or_create(doctor=doctor, name=words, defaults={"kept_at": at})
    kept.lines.all().delete()
    SetLine.objects.bulk_create(
        SetLine(
            set=kept,
            position=position,
            drug=line.drug,
            dose=line.dose,
            dose_unit=line.dose_unit,
            frequency=line.frequency,
            route=line.route,
            days=line.days,
        )
        for position, line in enumerate(lines)
    )
    audit.record("set.keep", by=by, on=kept, at=at, lines=len(lines))
    return kept


@transaction.atomic
def apply_set(
    kept: Set, prescription: Prescription, *, by: Any, at: datetime
) -> tuple[Prescription, list[str]]:
    """Write the set's lines behind those of the draft; and which medicines were left out because
    they are not sold any more. Nothing is judged here: the draft is, as whatever else it holds."""
    require(kept.doctor_id == prescription.doctor_id, _("只能用自己的常用组合。"))
    lines = list(kept.lines.select_related("drug").order_by("position"))
    wishes = [
        writing.Wish(
            drug=line.drug,
            frequency=line.frequency,
            days=line.days,
            dose=line.dose,
            dose_unit=line.dose_unit,
            route=line.route,
        )
        for line in lines
        if line.drug.is_sold
    ]
    held = selectors.locked(prescription)
    before = [writing.wish_of(line) for line in held.lines.select_related("drug")]
    changed = writing.change(held, lines=[*before, *wishes], by=by, at=at)
    return changed, [str(line.drug) for line in lines if not line.drug.is_sold]


@transaction.atomic
def drop_set(kept: Set, *, by: Any, at: datetime) -> None:
    require(kept.doctor.user_id == by.pk, _("只能删自己的常用组合。"))
    audit.record("set.drop", by=by, on=kept, at=at)
    kept.delete()
