"""Reports with several years behind them, a change of units on the way, words and imaging."""

import json
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.browser.looking import look
from tests.browser.serving import staged

pytestmark = pytest.mark.browser
PHONE, DESK = (390, 844), (1440, 900)


def as_pulled(resource, at):
    whole = resource | {"meta": {"versionId": "1", "lastUpdated": at.isoformat()}}
    return json.loads(json.dumps(whole), parse_float=Decimal)


def history_of(person, *, at):
    """What the simulated hospital tells of its first patient, about this one."""
    from hospital.his import mirror  # noqa: PLC0415 - needs the apps
    from hospital.simulators.his import labs, studies  # noqa: PLC0415
    from hospital.simulators.his.reference import DATA  # noqa: PLC0415

    told = json.loads((DATA / "cast.json").read_text(encoding="utf-8"))[0]
    chance = Random("reports")
    items = list(labs.series(person.fhir_id, at - timedelta(days=40), chance, 4, told["labs"]))
    for number, each in enumerate(told["studies"]):
        then = at - timedelta(days=each["days_ago"])
        items += studies.written(f"report-{number}", person.fhir_id, then, each)
    for kind in ("Observation", "DiagnosticReport"):
        pulled = [as_pulled(item, at) for item in items if item["resourceType"] == kind]
        mirror.take(kind, pulled, at=at)


class Stage:
    def __init__(self) -> None:
        from hospital.kernel.clock import database_now  # noqa: PLC0415
        from tests import consulting, make  # noqa: PLC0415

        at = database_now()
        user, patient = consulting.wang(at=at)
        history_of(patient.person, at=at)
        doctor = make.doctor(at=at)
        ordered = consulting.ordered(user, patient, doctor, at=at)
        consulting.opened(consulting.paid(ordered, at=at), at=at)
        browsers = {"wang": make.sitting_of(user), "doctor": make.sitting_of(doctor.user)}
        self.cookies = {who: {"sid": b.cookies["sid"].value} for who, b in browsers.items()}
        reports = patient.person.reports
        newest, older, urine = (
            reports.get(fhir_id=fhir_id).public_id
            for fhir_id in (f"{patient.person.fhir_id}-l4", "report-3", "report-5")
        )
        imaging = reports.filter(kind="imaging").first().public_id
        observations = patient.person.observations
        glucose = observations.filter(code="14771-0").first().public_id
        protein = observations.filter(code="20454-5").first().public_id
        record = f"/record/{patient.public_id}"
        self.pages = {
            "reports-list": ("wang", "/reports/"),
            "reports-items": ("wang", "/reports/?show=items"),
            "reports-found": ("wang", "/reports/?q=xt"),
            "reports-none": ("wang", "/reports/?q=zzz"),
            "report-panel": ("wang", f"/reports/{newest}/"),
            "report-words": ("wang", f"/reports/{urine}/"),
            "report-imaging": ("wang", f"/reports/{imaging}/"),
            "report-trend": ("wang", f"/reports/items/{glucose}/"),
            "report-trend-words": ("wang", f"/reports/items/{protein}/"),
            "report-choose": ("wang", f"/reports/{newest}/compare/"),
            "report-compare": ("wang", f"/reports/{newest}/compare/?with={older}"),
            "clinic-list": ("doctor", f"{record}/reports/"),
            "clinic-report": ("doctor", f"{record}/reports/{newest}/"),
            "clinic-trend": ("doctor", f"{record}/items/{glucose}/"),
            "clinic-compare": ("doctor", f"{record}/reports/{newest}/compare/?with={older}"),
        }


PAGES = (
    "reports-list",
    "reports-items",
    "reports-found",
    "reports-none",
    "report-panel",
    "report-words",
    "report-imaging",
    "report-trend",
    "report-trend-words",
    "report-choose",
    "report-compare",
    "clinic-list",
    "clinic-report",
    "clinic-trend",
    "clinic-compare",
)


@pytest.fixture(scope="module")
def stage(chromium, django_db_setup, django_db_blocker, tmp_path_factory):
    static = tmp_path_factory.mktemp("static")
    with staged("reports", Stage, django_db_blocker, static) as stage:
        yield stage


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_about_reports_is_sound(stage, chromium, page, size):
    who, path = stage.pages[page]
    touched = who == "wang" and size == PHONE
    seen = chromium.do(look, stage.base, stage.cookies[who], path, size, page, 44 * touched)
    assert seen.status == 200
    assert seen.axe == []
    assert seen.csp == []
    assert seen.console == []
    assert seen.small == []
    assert seen.overflow <= 0
