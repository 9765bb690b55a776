"""电子建档 step by step: each answer is kept as it is given, on whatever device the next one comes.

One command for all questions; what an answer must look like, and where it is kept, stands in a
function for each.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel import normalise
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, WrongState, require
from patients import catalogue, selectors, steps
from patients.models import Answer, Medicine, Patient
from patients.permissions import may_act_for
from patients.services import health

INSURANCES: Final = ("employee", "resident", "public", "commercial", "none")
CONTACTS: Final = ("spouse", "parent", "child", "sibling", "other")
MOST_MEDICINES: Final = 30
_CARD: Final = re.compile(r"[A-Z0-9]{6,20}")
_LONGEST: Final = timedelta(days=301)  # from today to a due date: 43 weeks
Said = Mapping[str, Any]


@transaction.atomic
def answer(patient: Patient, step: str, *, said: Said, by: User, at: datetime) -> Answer:
    """Keep the answer to one question, in the place of the one before."""
    patient = _asked(patient, step, by=by, at=at)
    kept = _TAKE[step](patient, said, at)
    return _keep(patient, step, by=by, at=at, said=kept)


@transaction.atomic
def skip(patient: Patient, step: str, *, by: User, at: datetime) -> Answer:
    """Put one question off, where the law lets it; an answer that stands is not lost by it."""
    patient = _asked(patient, step, by=by, at=at)
    if not steps.BY_CODE[step].may_skip:
        raise Refused(_("过敏史必须回答，没有过敏请选“没有”。"), code="step-needed")
    given = Answer.objects.filter(patient=patient, step=step).first()
    return given or _keep(patient, step, by=by, at=at, is_skipped=True)


@transaction.atomic
def stop_medicine(medicine: Medicine, *, by: User, at: datetime) -> Medicine:
    """No longer taken from today on. Only what was told here; again is no harm."""
    rows = Medicine.objects.select_for_update(of=("self",)).select_related("patient")
    medicine = rows.get(pk=medicine.pk)
    patient = medicine.patient
    require(may_act_for(by, patient), _("只有本人或家人可以填写健康信息。"))
    if medicine.source != "self":
        raise WrongState(_("医院开的药请问医生，不能在这里停。"), code="medicine-not-own")
    if medicine.until is not None:
        return medicine
    if medicine.since == local_date(at):
        medicine.withdrawn_at = at  # told by mistake, and put right on the same day
    medicine.until = max(local_date(at) - timedelta(days=1), medicine.since)
    medicine.save(update_fields=["until", "withdrawn_at"])
    audit.record("patient.medicine-stop", by=by, on=medicine, about=patient.public_id, at=at)
    return medicine


def _asked(patient: Patient, step: str, *, by: User, at: datetime) -> Patient:
    """The locked patient, to whom this question is put, and who may answer it."""
    patient = selectors.locked(patient)
    require(may_act_for(by, patient), _("只有本人或家人可以填写健康信息。"))
    asked = steps.asked_of(patient.sex, patient.birth_date, on=local_date(at))
    if step not in {each.code for each in asked}:
        raise Refused(_("这一项不用填。"), code="step-not-asked")
    return patient


def _keep(
    patient: Patient,
    step: str,
    *,
    by: User,
    at: datetime,
    said: Said | None = None,
    is_skipped: bool = False,
) -> Answer:
    kept = {"at": at, "is_skipped": is_skipped, "said": dict(said or {})}
    given, _is_new = Answer.objects.update_or_create(patient=patient, step=step, defaults=kept)
    audit.record(
        "patient.answer",
        by=by,
        on=given,
        about=patient.public_id,
        at=at,
        step=step,
        skipped=is_skipped,
    )
    return given


def _allergies(patient: Patient, said: Said, at: datetime) -> Said:
    health.replace_allergies(patient, said.get("allergies", ()), at=at)
    patient.allergies_known_at = at
    patient.save(update_fields=["allergies_known_at"])
    return {}


def _history(patient: Patient, said: Said, at: datetime) -> Said:
    patient.history = normalise.prose(said.get("history", ""), limit=2000)
    patient.liver = said.get("liver", "normal")
    health.check(patient)
    patient.save(update_fields=["history", "liver"])
    return {}


def _medicines(patient: Patient, said: Said, at: datetime) -> Said:
    """Those told now are added to those that were told; each of a name once."""
    names = {each.name for each in selectors.told_medicines(patient)}
    told = list(said.get("medicines", ()))
    if len(names) + len(told) > MOST_MEDICINES:
        raise Refused(_("长期用药最多填 30 种，更多的请写在既往史里。"), code="medicines-many")
    for each in told:
        name = normalise.prose(each["name"], limit=60)
        if not name:
            raise Refused(_("请写明药名。"), code="medicine-malformed")
        if name in names:
            continue
        names.add(name)
        Medicine.objects.create(
            patient=patient,
            name=name,
            atc=catalogue.current().atc(name),
            dosage=normalise.prose(each.get("dosage", ""), limit=120),
            since=local_date(at),
            source="self",
        )
    return {}


def _pregnancy(patient: Patient, said: Said, at: datetime) -> Said:
    due, today = said.get("due_on"), local_date(at)
    patient.pregnancy = said.get("pregnancy", "unknown")
    patient.is_lactating = bool(said.get("is_lactating", False))
    health.check(patient)
    if due is not None and patient.pregnancy != "yes":
        raise Refused(_("没有怀孕就不用填预产期。"), code="due-date-alone")
    if due is not None and not today - timedelta(days=14) <= due <= today + _LONGEST:
        raise Refused(_("预产期不对，应在今后 10 个月以内。"), code="due-date-impossible")
    patient.due_on, patient.pregnancy_at = due, at
    patient.save(update_fields=["pregnancy", "is_lactating", "due_on", "pregnancy_at"])
    return {}


def _weight(patient: Patient, said: Said, at: datetime) -> Said:
    patient.weight_kg = said.get("weight_kg")
    if patient.weight_kg is None:
        raise Refused(_("请填体重；现在称不了，可以先跳过。"), code="weight-missing")
    health.check(patient)
    patient.weighed_at = at
    patient.save(update_fields=["weight_kg", "weighed_at"])
    return {}


def _insurance(patient: Patient, said: Said, at: datetime) -> Said:
    kind = said.get("kind", "")
    number = normalise.folded(said.get("number", "")).replace(" ", "").upper()
    if kind not in INSURANCES:
        raise Refused(_("请从给出的选项里选。"), code="choice-unknown")
    if kind == "none":
        return {"kind": kind}
    if number and not _CARD.fullmatch(number):
        raise Refused(_("医保卡号应是 6 到 20 位字母和数字。"), code="insurance-malformed")
    return {"kind": kind, "number": number}


def _contact(patient: Patient, said: Said, at: datetime) -> Said:
    relation = said.get("relation", "other")
    if relation not in CONTACTS:
        raise Refused(_("请从给出的选项里选。"), code="choice-unknown")
    return {
        "name": normalise.name(said.get("name", "")),
        "phone": normalise.phone(said.get("phone", "")),
        "relation": relation,
    }


_TAKE: Final[dict[str, Callable[[Patient, Said, datetime], Said]]] = {
    "allergies": _allergies,
    "history": _history,
    "medicines": _medicines,
    "pregnancy": _pregnancy,
    "weight": _weight,
    "insurance": _insurance,
    "contact": _contact,
}
assert set(_TAKE) == set(steps.BY_CODE), "a question whose answer nobody takes"


def day(text: str) -> date | None:
    """A day as forms send it; nothing is nothing told."""
    tidy = normalise.folded(text)
    try:
        return date.fromisoformat(tidy) if tidy else None
    except ValueError as slip:
        raise Refused(_("日期请按 2026-03-15 这样填。"), code="date-malformed") from slip
