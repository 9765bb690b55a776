"""Try again with what was set aside, once it has been put right over there."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.services import record
from hospital.his import gateways, mirror
from hospital.his.merging import STRANGER
from hospital.his.models import Person, Quarantined, Report
from hospital.his.reading import PART, Resource, containing
from hospital.his.services.asides import subject_of
from hospital.kernel.refusals import Refused, Unavailable, WrongState

MANY: Final = 200  # of those that wait for a person, in one go
REST: Final = timedelta(hours=1)  # before what was still wrong is fetched again by itself


def retry(aside: Quarantined, *, by: Any, at: datetime) -> Quarantined:
    """Fetch the resource anew and take it over, or set aside what is still wrong. Not atomic.

    What no longer exists there is withdrawn here and done with, and a refusal says so. Raises
    `Unavailable` when there is no answer, and refuses what is still wrong, with the reason.
    """
    if aside.mended_at is not None or not aside.fhir_id:
        raise WrongState(_("这条数据已经处理过，或者没有编号，不能再取。"), code="mended")
    found = _as_it_stands(aside)
    aside = _settle(aside, found, by=by, at=at)
    if found is None:
        raise WrongState(_("医院系统里已经没有这条数据，这里也已撤下。"), code="gone-there")
    if aside.mended_at is None:
        raise WrongState(
            _("取回来的还是读不懂，仍然隔离。请在院内系统改正后再试。"), code="still-wrong"
        )
    return aside


def _as_it_stands(aside: Quarantined) -> Resource | None:
    """The resource, or the report that contains it; None where neither is there."""
    found = _read(aside.resource, aside.fhir_id)
    container = _container(aside) if found is None else None
    if container is None:
        return found
    report = _read("DiagnosticReport", container)
    inside = containing.observations(report) if report else []
    return report if aside.fhir_id in [each["id"] for each in inside] else None


def _read(kind: str, fhir_id: str) -> Resource | None:
    found = gateways.read(kind, fhir_id)
    if found is not None and (found.get("resourceType"), found.get("id")) != (kind, fhir_id):
        raise Unavailable(_("医院系统的回答对不上，已请信息中心核对。"), code="his-mismatch")
    return found


def _container(aside: Quarantined) -> str | None:
    """The report that named it as a result; only such a one can carry it within itself."""
    if aside.resource != "Observation":
        return None
    parts = aside.fhir_id.split(PART)
    wholes = [PART.join(parts[:end]) for end in range(1, len(parts))]
    reports = Report.objects.filter(fhir_id__in=wholes, results__contains=[aside.fhir_id])
    return reports.values_list("fhir_id", flat=True).first()


@transaction.atomic
def _settle(aside: Quarantined, found: Resource | None, *, by: Any, at: datetime) -> Quarantined:
    if found is None:
        mirror.forget(aside.resource, aside.fhir_id)
        taken = mirror.Taken()
    else:
        taken = mirror.take(found["resourceType"], [found], at=at)
    aside = Quarantined.objects.select_for_update().get(pk=aside.pk)
    aside.tried_at = at
    if not taken.quarantined:
        aside.mended_at = aside.mended_at or at
    aside.save(update_fields=["tried_at", "mended_at"])
    if by is not None:
        record("quarantine.retry", by=by, on=aside, at=at, is_mended=aside.mended_at is not None)
    return aside


def retry_strangers(*, at: datetime) -> int:
    """Fetch anew what was set aside only because its patient was not known yet, and now is.

    Anew, because it may have been withdrawn meanwhile. What is not answered for waits on.
    """
    waiting = Quarantined.objects.filter(why=STRANGER, mended_at=None).exclude(fhir_id="")
    waiting = waiting.exclude(tried_at__gt=at - REST).order_by(F("tried_at").asc(nulls_first=True))
    told = [(each, subject_of(_body(each))) for each in waiting[:MANY]]
    subjects = {subject for _each, subject in told}
    known = set(Person.objects.filter(fhir_id__in=subjects).values_list("fhir_id", flat=True))
    return sum(_is_answered(each, at=at) for each, subject in told if subject in known)


def _is_answered(aside: Quarantined, *, at: datetime) -> bool:
    try:
        _settle(aside, _as_it_stands(aside), by=None, at=at)
    except Unavailable:
        return False
    return True


def _body(aside: Quarantined) -> Resource:
    try:
        return dict(json.loads(aside.body, parse_float=Decimal))
    except (ValueError, Refused):
        return {}
