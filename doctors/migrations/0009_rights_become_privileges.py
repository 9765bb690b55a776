"""What stood beside a licence becomes privileges of its holder.

A licence in force or suspended gives granted ones, decided by whoever approved it, until the
licence ends; one that waits gives privileges asked for. Doctors of paediatrics get theirs by what
their department was taken to mean until now. A pharmacist gets `review` where the three years of
practice were full when the licence was approved. Nothing is granted to whoever the last decision
was taken by: they ask again.
"""

from datetime import date
from typing import Any

from django.db import migrations

from hospital.kernel.calendar import full_months, local_date

PAEDIATRICS = "07"
REVIEW_MONTHS = 36
GROUND = "由原执业资质转入"


def forward(apps: Any, _editor: Any) -> None:
    credentials = apps.get_model("doctors", "Credential").objects.filter(
        state__in=["submitted", "approved", "suspended"]
    )
    privileges = apps.get_model("doctors", "Privilege").objects
    for each in credentials.select_related("clinician__department").order_by("pk").iterator():
        waits = each.state == "submitted"
        hands = {each.submitted_by_id, each.clinician.user_id}
        if not waits and each.decided_by_id in hands:
            continue
        starts_on = local_date(each.submitted_at if waits else each.decided_at)
        for kind, tier in _held(each, starts_on):
            privileges.create(
                clinician_id=each.clinician_id,
                kind=kind,
                tier=tier,
                starts_on=min(starts_on, each.valid_until),
                ends_on=each.valid_until,
                state="asked" if waits else "granted",
                asked_by_id=each.submitted_by_id,
                asked_at=each.submitted_at,
                ground=GROUND,
                decided_by_id=None if waits else each.decided_by_id,
                decided_at=None if waits else each.decided_at,
            )


def _held(credential: Any, on: date) -> list[tuple[str, str]]:
    if credential.clinician.kind == "pharmacist":
        months = full_months(credential.independent_since, on)
        return [("review", "")] if months >= REVIEW_MONTHS else []
    held = []
    if credential.may_prescribe:
        held.append(("prescribe", ""))
    if credential.antimicrobial_right != "none":
        held.append(("antimicrobial", credential.antimicrobial_right))
    if credential.clinician.department.subject_code.startswith(PAEDIATRICS):
        held.append(("paediatrics", ""))
    return held


def back(apps: Any, _editor: Any) -> None:
    """Onto the licences that were not refused: what their holders are granted or ask for."""
    live = apps.get_model("doctors", "Privilege").objects.filter(
        state__in=["asked", "granted", "suspended"], kind__in=["prescribe", "antimicrobial"]
    )
    tiers = dict(live.filter(kind="antimicrobial").values_list("clinician", "tier"))
    prescribing = set(live.filter(kind="prescribe").values_list("clinician", flat=True))
    credentials = apps.get_model("doctors", "Credential").objects.exclude(state="refused")
    for each in credentials.only("pk", "clinician_id").order_by("pk").iterator():
        credentials.filter(pk=each.pk).update(
            may_prescribe=each.clinician_id in prescribing,
            antimicrobial_right=tiers.get(each.clinician_id, "none"),
        )


class Migration(migrations.Migration):

    dependencies = [("doctors", "0008_privileges")]

    operations = [migrations.RunPython(forward, back)]
