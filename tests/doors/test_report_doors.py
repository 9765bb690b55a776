"""Reports over their doors: what was found, what came of it over the years, and who looked."""

import pytest
from django.db import connection

from tests import make
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


def page(sitting, path):
    answer = sitting.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def newest(patient):
    return patient.person.reports.order_by("-at").first()


def item(patient, code):
    return patient.person.observations.filter(code=code).order_by("-at").first()


@pytest.mark.parametrize("typed", ["肌酐", "jg", "jigan", "crea"])
def test_items_and_their_reports_are_found_by_what_one_calls_them(browser, hers, typed):
    found = page(browser, f"/reports/?q={typed}")
    assert f"/reports/items/{item(hers, '14682-9').public_id}/" in found
    assert f"/reports/{newest(hers).public_id}/" in found
    assert "超声心动图" not in found


def test_a_report_is_found_by_its_sealed_title(browser, hers):
    assert "超声心动图" in page(browser, "/reports/?q=csxdt")
    assert "没有找到" in page(browser, "/reports/?q=zzz")


def test_a_trend_goes_on_through_a_change_of_units_and_says_so(browser, hers):
    seen = page(browser, f"/reports/items/{item(hers, '14771-0').public_id}/")
    assert "原为 104 mg/dL" in seen
    assert "参考范围中途变过" in seen
    assert seen.count('<svg class="chart"') == 1
    lately = page(browser, f"/reports/items/{item(hers, '14771-0').public_id}/?years=3")
    assert "mg/dL" not in lately


def test_results_in_words_stand_in_their_report_and_are_marked(browser, hers):
    urine = item(hers, "20454-5").report
    seen = page(browser, f"/reports/{urine.public_id}/")
    assert "1+" in seen
    assert "异常" in seen
    told = browser.get(f"/api/v1/patients/{hers.public_id}/reports/{urine.public_id}").json()
    protein = next(each for each in told["items"] if each["code"] == "20454-5")
    assert (protein["value"], protein["text"], protein["flag"]) == (None, "1+", "abnormal")


def test_two_reports_are_told_side_by_side(browser, hers):
    older = item(hers, "2160-0").report
    path = f"/reports/{newest(hers).public_id}/compare/"
    assert str(older.public_id) in page(browser, path)
    seen = page(browser, f"{path}?with={older.public_id}")
    assert "= 80.45 μmol/L" in seen
    assert "只有前一份有" in seen
    assert browser.get(f"{path}?with=x").status_code == 404
    assert browser.get(f"{path}?with={hers.public_id}").status_code == 404


def test_the_sheet_is_a_file_and_nothing_that_a_browser_runs(browser, stranger, hers):
    path = f"/reports/{newest(hers).public_id}/report.pdf"
    sheet = browser.get(path)
    assert sheet.content.startswith(b"%PDF-")
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet["Content-Disposition"].startswith("attachment")
    assert sheet["X-Content-Type-Options"] == "nosniff"
    assert stranger.get(path).status_code == 404


def test_a_clinician_leaves_a_line_for_each_thing_that_is_shown(doctor, hers, trail):
    sitting, record = make.sitting_of(doctor), f"/record/{hers.public_id}"
    report, older = newest(hers), item(hers, "2160-0").report
    page(sitting, f"{record}/reports/")
    page(sitting, f"{record}/reports/{report.public_id}/")
    page(sitting, f"{record}/items/{item(hers, '14771-0').public_id}/")
    assert trail().count("report.read") == 3
    page(sitting, f"{record}/reports/{report.public_id}/compare/?with={older.public_id}")
    assert trail().count("report.read") == 5
    assert sitting.get(f"{record}/reports/{report.public_id}/?why=curiosity").status_code == 400
    assert trail().count("report.read") == 5


def test_no_reports_are_counted_to_page_through_them(browser, hers):
    page(browser, "/reports/")
    with connection.cursor() as cursor:  # what this session of PostgreSQL was told to prepare
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        told = [sql for (sql,) in cursor.fetchall() if 'FROM "his_report"' in sql]
    assert any("LIMIT 21" in sql for sql in told)
    assert not any("OFFSET" in sql or "COUNT(*) AS" in sql for sql in told)
