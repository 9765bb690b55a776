"""What patients tell of their health: the answers that the prescription rules rest on."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from hospital.accounts.models import User
from hospital.kernel import normalise
from hospital.kernel.refusals import Refused, require
from patients import catalogue, selectors
from patients.models import Allergy, Answer, Patient
from patients.permissions import may_act_for

REACTIONS: Final = ("anaphylaxis", "severe", "mild")
PREGNANCY: Final = ("no", "yes", "unknown")
LIVER: Final = ("normal", "impaired", "severe")
MOST_ALLERGIES: Final = 30
_KILOGRAMS: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9])?")
LIGHTEST, HEAVIEST = Decimal("0.5"), Decimal(500)


@transaction.atomic
def set_health(
    patient: Patient,
    *,
    by: User,
    at: datetime,
    allergies: Sequence[dict[str, str]],
    pregnancy: str | None = None,
    is_lactating: bool | None = None,
    weight_kg: Decimal | None = None,
    liver: str | None = None,
    history: str | None = None,
) -> Patient:
    """Several answers at once, in the place of those before; what is None stays as it was told.

    `allergies` are {"to", "reaction"}; an empty list is an answer too. Pregnancy and lactation are
    one question: who tells one of them confirms the other.
    """
    patient = selectors.locked(patient)
    require(may_act_for(by, patient), _("只有本人或家人可以填写健康信息。"))
    before, answered = _summary(patient), ["allergies"]
    patient.allergies_known_at = at
    if history is not None or liver is not None:
        if history is not None:
            patient.history = normalise.prose(history, limit=2000)
        patient.liver = patient.liver if liver is None else liver
        answered.append("history")
    if pregnancy is not None or is_lactating is not None:
        patient.pregnancy = patient.pregnancy if pregnancy is None else pregnancy
        patient.is_lactating = patient.is_lactating if is_lactating is None else is_lactating
        patient.due_on = patient.due_on if patient.pregnancy == "yes" else None
        patient.pregnancy_at = at
        if patient.pregnancy != "unknown" or patient.is_lactating:
            answered.append("pregnancy")
    if weight_kg is not None:
        patient.weight_kg, patient.weighed_at = weight_kg, at
        answered.append("weight")
    check(patient)
    patient.save()
    told = replace_allergies(patient, allergies, at=at)
    for step in answered:
        Answer.objects.update_or_create(
            patient=patient, step=step, defaults={"at": at, "is_skipped": False}
        )
    audit.record(
        "patient.health",
        by=by,
        on=patient,
        about=patient.public_id,
        at=at,
        before=before,
        after=_summary(patient),
        allergies=told,
    )
    return patient


def replace_allergies(patient: Patient, told: Sequence[Mapping[str, str]], *, at: datetime) -> int:
    """What the patient says they are allergic to, in the place of what they said before."""
    lines = _tidy(told)
    words = catalogue.current()
    patient.allergies.filter(source="self").delete()
    for to, reaction in lines.items():
        kind, code = words.allergen(to)
        Allergy.objects.create(
            patient=patient, to=to, kind=kind, code=code, reaction=reaction, source="self", at=at
        )
    return len(lines)


def kilograms(typed: str) -> Decimal | None:
    """A weight as people type it, with at most one decimal; nothing typed is nothing told."""
    text = normalise.folded(typed)
    if text and not _KILOGRAMS.fullmatch(text):
        raise Refused(_("体重请填数字，最多一位小数，例如 62.5。"), code="weight-malformed")
    return Decimal(text) if text else None


def _tidy(allergies: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """One line for one thing; the worst reaction told of it."""
    if len(allergies) > MOST_ALLERGIES:
        raise Refused(_("过敏最多填 30 种，更多的请写在既往史里。"), code="allergies-many")
    told: dict[str, str] = {}
    for each in allergies:
        to, reaction = normalise.prose(each["to"], limit=50), each["reaction"]
        if not to or reaction not in REACTIONS:
            raise Refused(_("请写明对什么过敏、反应有多重。"), code="allergy-malformed")
        told[to] = min(told.get(to, reaction), reaction, key=REACTIONS.index)
    return told


def check(patient: Patient) -> None:
    """Refuses what a body cannot be."""
    if patient.pregnancy not in PREGNANCY or patient.liver not in LIVER:
        raise Refused(_("请从给出的选项里选。"), code="choice-unknown")
    if patient.sex == "male" and (patient.pregnancy == "yes" or patient.is_lactating):
        raise Refused(_("男性不用填怀孕和哺乳，请检查。"), code="health-impossible")
    if patient.weight_kg is not None and not LIGHTEST <= patient.weight_kg <= HEAVIEST:
        raise Refused(_("体重应在 0.5 到 500 公斤之间。"), code="weight-impossible")


def _summary(patient: Patient) -> dict[str, Any]:
    """What the trail keeps a digest of."""
    return {
        "allergies": sorted([a.to, a.reaction] for a in patient.allergies.filter(source="self")),
        "pregnancy": patient.pregnancy,
        "lactating": patient.is_lactating,
        "weight": str(patient.weight_kg),
        "liver": patient.liver,
        "history": patient.history,
    }
