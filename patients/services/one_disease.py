"""A doctor confirms that two diagnoses of one patient are one disease, or takes that back."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel.normalise import diagnosis, reason
from hospital.kernel.refusals import Refused, WrongState, require
from patients import catalogue, facts, selectors
from patients.models import Patient, SameDisease
from patients.models.evidence import CATEGORY
from patients.permissions import may_name_one_disease, may_take_back

_LEAST: Final = 5  # characters of a reason that says something


@transaction.atomic
def name_one_disease(
    patient: Patient, *, first: str, second: str, why: str, by: User, at: datetime
) -> SameDisease:
    """`first` is a diagnosis that a physical hospital made, `second` one of another category.

    Refused to whoever does not treat the patient now, and where the two are one category already.
    """
    patient = selectors.locked(patient)
    require(may_name_one_disease(by, patient), _("只有正在给这位患者看病的医生可以确认。"))
    known, other = diagnosis(first), diagnosis(second)
    words = reason(why, limit=300)
    if len(words) < _LEAST:
        raise Refused(_("请写明依据，至少 5 个字。"), code="reason-too-short")
    if known not in {each["diagnosis"] for each in facts.evidence(patient, at)}:
        raise Refused(_("第一个诊断要有实体医院的记录。"), code="diagnosis-not-confirmed")
    if other not in catalogue.current().diagnoses():
        raise Refused(_("诊断编码不在本院线上复诊的目录里，请核对。"), code="diagnosis-unknown")
    if known[:CATEGORY] == other[:CATEGORY]:
        raise Refused(_("这两个诊断本来就是同一类，不用确认。"), code="one-category")
    if patient.same_diseases.filter(taken_back_at=None, first=known, second=other).exists():
        raise WrongState(_("这两个诊断已经确认过了。"), code="same-already")
    link = SameDisease.objects.create(
        patient=patient, first=known, second=other, by=by, at=at, reason=words
    )
    _record("confirm", link, by=by, at=at)
    return link


@transaction.atomic
def take_back_one_disease(link: SameDisease, *, by: User, at: datetime) -> SameDisease:
    """It counts no longer, from this moment; what was judged meanwhile stays as it was judged."""
    link = selectors.locked_same_disease(link)
    require(may_take_back(by, link), _("只有确认的医生和正在看病的医生可以撤回。"))
    if link.taken_back_at is not None:
        raise WrongState(_("已经撤回了。"), code="taken-back")
    link.taken_back_at, link.taken_back_by = at, by
    link.save(update_fields=["taken_back_at", "taken_back_by"])
    _record("take-back", link, by=by, at=at)
    return link


def _record(step: str, link: SameDisease, *, by: User, at: datetime) -> None:
    audit.record(
        f"same-disease.{step}",
        by=by,
        on=link,
        about=link.patient.public_id,
        at=at,
        first=link.first,
        second=link.second,
    )
