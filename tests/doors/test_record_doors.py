"""The one-page record: what it gathers, from whom each thing comes, and what opening it costs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hospital.his.models import Diagnosis, Observation, Report, Visit
from hospital.his.models import Medicine as HisMedicine
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from patients import services
from tests import make, papers
from tests.doors.test_patients_doors import (  # noqa: F401 - fixtures
    browser,
    doctor,
    hers,
    now,
    stranger,
    wang,
)
from tests.his import his, running_world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
CONTACT = {"name": "赵建民", "phone": "13800006621", "relation": "spouse"}


def record(sitting, patient):
    return sitting.get(f"/api/v1/patients/{patient.public_id}/record?why=care").json()


def pane(sitting, patient):
    return sitting.get(f"/record/{patient.public_id}/").content.decode()


def tell(user, patient, step, **said):
    services.answer(patient, step, said=said, by=user, at=database_now())


def test_papers_of_other_hospitals_stand_in_it_with_their_pages(wang, doctor, hers):
    reviewer = make.doctor("zhou", at=database_now())
    both = [papers.picture(), papers.pdf()]
    done = papers.handed_in(wang, hers, uploads=both, at=database_now())
    papers.confirmed(done, reviewer, at=database_now())
    papers.handed_in(wang, hers, at=database_now())
    gone = papers.handed_in(wang, hers, at=database_now())
    services.withdraw_evidence(gone, by=wang, at=database_now())
    waiting, read = record(make.sitting_of(doctor), hers)["papers"]
    assert (waiting["state"], waiting["code"], len(waiting["files"])) == ("submitted", None, 1)
    assert (read["state"], read["code"], read["issued_by"]) == ("confirmed", "I10", "海淀医院")
    assert len(read["files"]) == 2
    page = pane(make.sitting_of(doctor), hers)
    assert "海淀医院" in page
    assert all(f"/files/{file}/" in page for file in read["files"])
    first = make.sitting_of(doctor).get(f"/files/{read['files'][0]}/")
    assert (first.status_code, first["Content-Type"]) == (200, "image/jpeg")


def test_medicines_say_how_they_are_taken_and_who_says_so(wang, doctor, hers):
    tell(wang, hers, "medicines", medicines=[{"name": "鱼油", "dosage": "每天一粒"}])
    at = database_now()
    his_row = {"updated_at": at, "pulled_at": at, "at": at, "person": hers.person}
    HisMedicine.objects.create(**his_row, fhir_id="m1", name="缬沙坦胶囊", dosage="每日1次")
    told = {each["name"]: each for each in record(make.sitting_of(doctor), hers)["medicines"]}
    assert (told["鱼油"]["source"], told["鱼油"]["dosage"]) == ("self", "每天一粒")
    assert (told["缬沙坦胶囊"]["source"], told["缬沙坦胶囊"]["dosage"]) == ("his", "每日1次")
    page = pane(make.sitting_of(doctor), hers)
    assert "每天一粒" in page
    assert "本人告知" in page


def test_whom_to_call_is_looked_up_and_each_look_leaves_its_own_trace(wang, doctor, hers, trail):
    sitting, path = make.sitting_of(doctor), f"/record/{hers.public_id}/contact/"
    assert "没有填写" in sitting.get(path).content.decode()
    tell(wang, hers, "contact", **CONTACT)
    assert CONTACT["phone"] not in pane(sitting, hers)
    assert 'href="tel:13800006621"' in sitting.get(path).content.decode()
    asked = sitting.get(f"/api/v1/patients/{hers.public_id}/contact?why=care").json()
    assert asked == {"contact": CONTACT}
    reads = trail("record.read")
    looked = ["contact"]
    assert [each.facts.get("fields") for each in reads] == [looked, None, looked, looked]
    assert sitting.get(f"{path}?why=curiosity").status_code == 400
    assert len(trail("record.read")) == len(reads)


def test_whoever_fills_it_in_reads_the_card_and_the_contact_back(wang, browser, hers):
    tell(wang, hers, "contact", **CONTACT)
    tell(wang, hers, "insurance", kind="employee", number="11022233344S")
    page = browser.get(f"/me/patients/{hers.public_id}/").content.decode()
    assert "赵建民" in page
    assert "13800006621" not in page
    assert "职工医保" in page
    assert "11022233344S" in page


def test_that_nobody_asked_about_a_pregnancy_is_said_where_it_is_asked(wang, doctor, hers):
    sitting, open_question = make.sitting_of(doctor), "是否怀孕没有问过"
    assert open_question not in pane(sitting, hers)  # at her age it is not asked
    hers.birth_date, hers.pregnancy = date(1990, 5, 4), "unknown"
    hers.save(update_fields=["birth_date", "pregnancy"])
    assert open_question in pane(sitting, hers)
    tell(wang, hers, "pregnancy", pregnancy="no")
    assert open_question not in pane(sitting, hers)


def lived_long(patient, *, times):
    """So many more visits, each with what was diagnosed, measured and reported."""
    person, at, day = patient.person, database_now(), timedelta(days=1)
    for n in range(times):
        row = {"updated_at": at, "pulled_at": at, "person": person, "at": at - n * day}
        visit = Visit.objects.create(
            **row, fhir_id=f"v{n}", kind="outpatient", department="心血管内科", doctor="陈思远"
        )
        Diagnosis.objects.create(
            **row, fhir_id=f"d{n}", visit=visit, code=f"I{n % 90 + 10}", name="某病"
        )
        report = Report.objects.create(**row, fhir_id=f"r{n}", kind="laboratory", title="血钾")
        Observation.objects.create(
            **row, fhir_id=f"o{n}", report=report, code="2823-3", name="钾", value=4, unit="mmol/L"
        )


@pytest.mark.parametrize("address", ["/record/{}/", "/api/v1/patients/{}/record?why=care"])
def test_it_costs_the_same_twelve_queries_however_long_the_past(doctor, hers, address):
    sitting, path = make.sitting_of(doctor), address.format(hers.public_id)

    def asked():
        sitting.get(path)  # PREPARE is told once in a session
        with CaptureQueriesContext(connection) as seen:
            assert sitting.get(path).status_code == 200
        return [each["sql"] for each in seen.captured_queries if "SAVEPOINT" not in each["sql"]]

    short = asked()
    lived_long(hers, times=60)
    assert len(asked()) == len(short)
    since_the_clock = next(i for i, sql in enumerate(short) if "clock_timestamp" in sql)
    own = [sql for sql in short[since_the_clock + 1 :] if "notifications_notice" not in sql]
    assert len(own) <= 12


def test_how_old_a_paper_is_does_not_hide_it_until_ten_newer_came(wang, doctor, hers):
    reviewer = make.doctor("zhou", at=database_now())
    done = papers.handed_in(wang, hers, at=database_now())
    papers.confirmed(done, reviewer, at=database_now())
    services.sweep_evidence(at=database_now() + timedelta(days=400))
    (old,) = record(make.sitting_of(doctor), hers)["papers"]
    assert old["state"] == "expired"
    assert date.fromisoformat(old["expires_on"]) > local_date(database_now())
