"""The mirror of the hospital's system, against its simulator on a loopback port."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hospital.his import gateways, mirror, selectors, services, tasks
from hospital.his.models import (
    Allergy,
    Cursor,
    Diagnosis,
    Medicine,
    Observation,
    Person,
    Quarantined,
    Report,
    Stock,
    Visit,
)
from hospital.his.services import pulling
from hospital.kernel import outward
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable
from tests.his import WANG, ZHAO, his, running_world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
TABLES = (Person, Visit, Diagnosis, Allergy, Observation, Report, Medicine, Stock)


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def hers(his):
    """What the hospital knows of 王秀兰 here, after a refresh."""
    return services.refresh(WANG, at=database_now())


def counts():
    return [table.objects.count() for table in TABLES]


def test_one_person_is_asked_for_by_number_and_comes_with_her_whole_past(hers):
    assert (hers.name, hers.phone, hers.birth_date.isoformat()) == (
        "王秀兰",
        "13800006620",
        "1958-06-17",
    )
    assert [v.department for v in selectors.visits_of(hers)] == [
        "心血管内科",
        "心血管内科",
        "内分泌科",
    ]
    assert {d.code for d in selectors.diagnoses_of(hers)} == {"I10", "E11.9"}
    assert [a.to for a in selectors.allergies_of(hers)] == ["磺胺类"]
    potassium = selectors.series_of(hers, "2823-3")
    assert (potassium.count(), potassium.last().value) == (10, Decimal("5.4"))
    assert selectors.series_of(hers, "8480-6").last().value == 148
    assert selectors.medicines_of(hers).first().atc


def test_diagnoses_stand_in_their_visits_and_values_in_their_reports(hers):
    latest = selectors.visits_of(hers)[0]
    assert {d.code for d in latest.diagnoses.all()} == {"I10", "E11.9"}
    report = selectors.reports_of(hers)[0]
    assert report.observations.count() == 7
    assert (
        not Observation.objects.filter(report=None).exclude(code__in=["8480-6", "8462-4"]).exists()
    )


def test_the_identity_number_stands_in_no_address(his, hers):
    addresses = [f"{asked['path']}?{asked['query']}" for asked in his.asked()]
    assert len(addresses) >= 2
    assert not any(WANG in address for address in addresses)


def test_asking_twice_changes_nothing(hers, now):
    before = counts()
    again = services.refresh(WANG, at=now)
    assert again.pk == hers.pk
    assert counts() == before
    assert again.name == "王秀兰", "what is encrypted still opens after an update"


def test_a_number_that_nobody_there_has_is_nobody(his, now):
    assert services.refresh("110108190001010019", at=now) is None


def test_everything_is_pulled_page_by_page(his, now, monkeypatch):
    monkeypatch.setattr(gateways, "PAGE", 60)
    taken = services.pull("Patient", at=now)
    assert taken.rows >= Person.objects.count() >= 220
    assert taken.quarantined == 0
    assert Cursor.objects.get(resource="Patient").pulled_at == now


def test_later_only_what_changed_is_pulled(his, now):
    services.pull("Medication", at=now)
    services.pull("Patient", at=now)
    made = his.somebody(name="李四", history=False)
    later = now + timedelta(minutes=1)
    taken = services.pull("Patient", at=later)
    assert taken.rows < 60
    assert selectors.person_of(made["id_number"]).name == "李四"


def test_a_pull_after_a_refresh_and_twice_changes_nothing(his, hers, now):
    for _turn in range(2):
        services.pull("Observation", at=now)
    assert selectors.series_of(hers, "2823-3").count() == 10


def test_facts_about_somebody_not_met_yet_bring_the_person_along(his, now):
    services.pull("Condition", at=now)
    made = his.somebody(diagnosis="I10")
    services.pull("Condition", at=now + timedelta(minutes=1))
    assert selectors.diagnoses_of(selectors.person_of(made["id_number"])).get().code == "I10"


def test_what_was_entered_in_error_there_vanishes_here(his, hers, now):
    allergy = his.read("AllergyIntolerance", "wang-xiulan-a1")
    allergy["verificationStatus"]["coding"][0]["code"] = "entered-in-error"
    his.write(allergy)
    services.refresh(WANG, at=now)
    assert not selectors.allergies_of(hers).exists()
    allergy["verificationStatus"]["coding"][0]["code"] = "confirmed"
    his.write(allergy)


def test_an_answer_about_somebody_else_is_quarantined_and_taken_for_none(his, now):
    his.breaks(wrong_patient=1)
    with pytest.raises(Unavailable) as refused:
        services.refresh(WANG, at=now)
    assert refused.value.code == "his-mismatch"
    assert not Person.objects.exists()
    assert Quarantined.objects.get().why.startswith("wrong-patient")


@pytest.mark.parametrize("wrong", [{"birthDate": "1958-06-18"}, {"gender": "male"}])
def test_an_answer_with_her_number_and_another_birth_date_or_sex_is_not_hers(
    his, now, monkeypatch, wrong
):
    answer = his.read("Patient", "wang-xiulan") | wrong
    monkeypatch.setattr(gateways, "people", lambda *_, **__: [answer])
    with pytest.raises(Unavailable) as refused:
        services.refresh(WANG, at=now)
    assert refused.value.code == "his-mismatch"
    assert not Person.objects.exists()
    assert Quarantined.objects.get().fhir_id == "wang-xiulan"


def test_facts_of_somebody_else_among_hers_are_quarantined(his, hers, now, monkeypatch):
    visit = his.find("Encounter", patient="zhao-jianmin")[0]
    everything = gateways.everything
    monkeypatch.setattr(gateways, "everything", lambda who: [*everything(who), [visit]])
    before = counts()
    services.refresh(WANG, at=now)
    assert counts() == before
    assert Quarantined.objects.get().fhir_id == visit["id"]


def test_facts_never_move_from_one_person_to_another(his, hers, now):
    services.refresh(ZHAO, at=now)
    value = his.find("Observation", patient="wang-xiulan", code="2823-3")[0]
    his.write(value | {"subject": {"reference": "Patient/zhao-jianmin"}})
    services.refresh(ZHAO, at=now)
    assert Observation.objects.get(fhir_id=value["id"]).person == hers
    assert "somebody else" in Quarantined.objects.get().why
    his.write(value)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"birthDate": "1958-06-18"}, "another birth date"),
        ({"gender": "male"}, "another birth date or sex"),
        ({"birthDate": "1958-02-30"}, "ValueError"),
        ({"name": []}, "IndexError"),
        ({"meta": {}}, "KeyError"),
    ],
)
def test_a_patient_that_cannot_be_is_quarantined(his, now, spoil, why):
    resource = his.read("Patient", "wang-xiulan") | spoil
    taken = mirror.take("Patient", [resource], at=now)
    assert (taken.rows, taken.quarantined) == (0, 1)
    assert why in Quarantined.objects.get().why
    assert WANG in Quarantined.objects.get().body


def as_read(resource):
    return json.loads(json.dumps(resource), parse_float=Decimal)


def test_one_bad_resource_stops_none_of_the_others_and_is_kept_once(his, hers, now):
    good, bad = map(as_read, his.find("Observation", patient="zhao-jianmin", code="2823-3")[:2])
    services.refresh(ZHAO, at=now)
    Observation.objects.filter(fhir_id=good["id"]).delete()
    bad["valueQuantity"] = {"value": "5,4"}
    for _turn in range(2):
        mirror.take("Observation", [bad, good], at=now)
    assert Observation.objects.filter(fhir_id=good["id"]).exists()
    assert Quarantined.objects.count() == 1


def test_an_older_version_never_replaces_a_newer_one(his, hers, now):
    stale = his.read("Patient", "wang-xiulan")
    stale["name"][0]["text"], stale["meta"]["lastUpdated"] = "王旧", "2001-01-01T00:00:00.000+08:00"
    mirror.take("Patient", [stale], at=now)
    assert selectors.person_of(WANG).name == "王秀兰"


def test_a_silent_hospital_is_unavailable_and_soon_not_even_asked(his, now):
    his.is_silent()
    for _turn in range(3):
        with pytest.raises(Unavailable):
            services.refresh(WANG, at=now)
    assert gateways.breaker.is_open
    his.answers()
    assert services.refresh(WANG, at=now)


@pytest.mark.parametrize("fault", [{"status": 500}, {"malformed": 1}, {"lose_answer": 1}])
def test_garbage_and_errors_are_unavailable(his, now, fault):
    his.breaks(**fault)
    with pytest.raises(Unavailable):
        services.refresh(WANG, at=now)


STRANGE = {
    "a page for people": httpx.Response(200, html="<h1>维护中</h1>"),
    "half an answer": httpx.Response(200, content=b'{"resourceType": "Bund'),
    "no bundle": httpx.Response(200, json={"resourceType": "Patient", "id": "wang-xiulan"}),
    "no resources": httpx.Response(200, json={"resourceType": "Bundle", "entry": ["王秀兰"]}),
    "a proxy that knows nothing": httpx.Response(404, html="<h1>404</h1>"),
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_a_hospital_that_answers_strangely_is_soon_not_asked_either(his, now, monkeypatch, answer):
    asked = []
    monkeypatch.setattr(outward, "request", lambda *_, **__: asked.append(1) or answer)
    for _turn in range(5):
        with pytest.raises(Unavailable):
            services.refresh(WANG, at=now)
    assert len(asked) == 3
    assert gateways.breaker.is_open


def test_a_proper_answer_among_strange_ones_keeps_the_hospital_asked(his, now):
    for _turn in range(2):
        his.breaks(malformed=2)
        for _strange in range(2):
            with pytest.raises(Unavailable) as refused:
                services.refresh(WANG, at=now)
            assert refused.value.code == gateways.STRANGE
        assert services.refresh(WANG, at=now)
    assert gateways.read("Patient", "nobody") is None, "a 404 of their own is a proper answer"
    assert not gateways.breaker.is_open


def test_strange_answers_to_a_payment_and_to_one_resource_count_as_well(his, monkeypatch):
    monkeypatch.setattr(outward, "request", lambda *_, **__: STRANGE["a page for people"])
    for _turn in range(2):
        with pytest.raises(Unavailable):
            gateways.notify_paid({"resourceType": "PaymentNotice"}, "P1")
    assert not gateways.breaker.is_open
    with pytest.raises(Unavailable):
        gateways.read("Invoice", "i1")
    assert gateways.breaker.is_open


def test_a_slow_hospital_is_given_up(his, now, monkeypatch):
    monkeypatch.setattr(gateways, "PATIENCE", httpx.Timeout(0.2))
    his.breaks(delay_ms=800)
    with pytest.raises(Unavailable):
        services.refresh(WANG, at=now)


def test_what_a_pull_took_before_the_silence_stays_and_it_says_so(his, now, monkeypatch):
    monkeypatch.setattr(gateways, "PAGE", 60)
    changed, pages = gateways.changed, []

    def twice(kind, *, since):
        pages.append(since)
        if len(pages) > 2:
            raise Unavailable("静")
        return changed(kind, since=since)

    monkeypatch.setattr(gateways, "changed", twice)
    with pytest.raises(Unavailable):
        services.pull("Patient", at=now)
    cursor = Cursor.objects.get(resource="Patient")
    assert 60 <= Person.objects.count() <= 120
    assert (cursor.error, cursor.pulled_at) == ("静", None)
    monkeypatch.undo()
    his.answers()
    services.pull("Patient", at=now)
    assert Person.objects.count() >= 220


def test_a_clock_that_runs_ahead_there_does_not_blind_us(his, hers, now):
    ahead = his.read("Patient", "wang-xiulan")
    ahead["meta"]["lastUpdated"] = "2099-01-01T00:00:00.000+08:00"
    Cursor.objects.create(resource="Patient")
    pulling.take_page("Patient", gateways.Page([ahead], None), onward="", at=now, seen=now)
    assert Cursor.objects.get(resource="Patient").since == now


def test_the_mirror_says_how_old_it_is(his, hers, now):
    assert selectors.as_of() is None
    assert selectors.as_of(hers) == hers.pulled_at


def test_the_migration_brings_older_diagnoses_to_the_one_spelling(his, hers, now):
    (old,) = selectors.diagnoses_of(hers).filter(code="I10")[:1]
    spelling = import_module("hospital.his.migrations.0006_one_spelling_of_diagnoses")
    for stood, stands in {
        "i10": "I10",
        "Ｉ１０．Ｘ００": "I10.x00",
        "l50900": "L50.900",
        "I10.x00": "I10.x00",
        "高血压": "高血压",
    }.items():
        Diagnosis.objects.filter(pk=old.pk).update(code=stood)
        with connection.cursor() as cursor:
            cursor.execute(spelling.Migration.operations[0].sql)
        old.refresh_from_db()
        assert old.code == stands
    assert selectors.diagnoses_of(hers).filter(code="E11.9").exists()


def test_stock_follows_the_hospital(his, now):
    services.pull("Medication", at=now)
    drug = "苯磺酸氨氯地平片 5mg"
    assert selectors.stock_of(drug) == 93
    his._post("/control/his/stock", {"medicine": "YP0001", "on_hand": 0})
    services.pull("Medication", at=now + timedelta(minutes=1))
    assert selectors.stock_of(drug) == 0
    his._post("/control/his/stock", {"medicine": "YP0001", "on_hand": 93})


def test_the_command_says_how_far_it_has_come(his, capsys):
    call_command("his_sync", "--only", "Patient")
    assert re.search(r"\[1/1\] Patient +\d+ 条", capsys.readouterr().out)
    his.is_silent()
    with pytest.raises(CommandError, match="医院系统"):
        call_command("his_sync")


def test_the_task_takes_silence_calmly(his):
    his.is_silent()
    assert tasks.pull() == 0
    assert Cursor.objects.get(resource="Patient").error
    his.answers()
    assert tasks.pull() > 5000
    assert Cursor.objects.filter(error="").count() == len(services.RESOURCES)
    assert not Quarantined.objects.exists()
    assert selectors.as_of() == Cursor.objects.order_by("pulled_at")[0].pulled_at


def test_the_mirror_as_a_whole_has_no_age_before_each_kind_was_pulled(his, now):
    assert len(services.RESOURCES) == selectors.KINDS
    services.pull("Medication", at=now)
    assert selectors.as_of() is None
