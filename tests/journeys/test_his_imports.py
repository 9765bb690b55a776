"""Long imports, slow answers and things set aside: the mirror under a hospital that is not well."""

import json
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx
import pytest
from django.core.management import call_command

from hospital.his import gateways, mirror, selectors, services, tasks
from hospital.his.gateways import Page
from hospital.his.models import (
    Allergy,
    Cursor,
    Diagnosis,
    Document,
    Observation,
    Person,
    Quarantined,
    Report,
    Visit,
)
from hospital.his.services import pulling
from hospital.kernel import documents, outward
from hospital.kernel.calendar import local_date
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import Unavailable, WrongState
from patients import services as patients
from tests import consulting, make
from tests.his import WANG, ZHAO, his, running_world  # noqa: F401 - fixtures
from tests.rules.test_documents import HONG_KONG
from tests.rules.test_fhir_examples import (
    ALLERGY,
    CONDITION,
    ENCOUNTER,
    GLUCOSE,
    LIPIDS,
    PATIENT,
    PRESSURE,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


def patient(number, **more):
    return PATIENT | {"id": f"p-{number}", "identifier": []} | more


def passport(value, **more):
    return {"system": "urn:his:document:passport", "value": value, **more}


def offered(monkeypatch, *pages, breaks_after=99):
    """The hospital's changes, all of one moment, so that only links lead on."""
    asked = []

    def page(number):
        asked.append(number)
        if len(asked) > breaks_after:
            raise Unavailable("静")
        onward = f"{'link' * 5}?page={number + 1}" if number + 1 < len(pages) else None
        return Page(list(pages[number]), onward, sum(map(len, pages)))

    monkeypatch.setattr(gateways, "changed", lambda kind, *, since: page(0))
    monkeypatch.setattr(gateways, "following", lambda link: page(int(link[-1])))
    return asked


PAGES = [[patient(10 * page + n) for n in range(3)] for page in range(4)]


def test_a_pull_says_how_far_it_has_come(monkeypatch, now):
    offered(monkeypatch, *PAGES)
    heard = []
    services.pull("Patient", at=now, told=lambda cursor: heard.append(cursor))
    assert [(c.pages, c.rows, c.expected) for c in heard] == [(n, 3 * n, 12) for n in (1, 2, 3, 4)]
    assert all(c.rate > 0 and c.started_at == now for c in heard)
    assert heard[0].pulled_at is None
    cursor = Cursor.objects.get()
    assert (cursor.pulled_at, cursor.onward, cursor.error) == (now, "", "")


def test_a_pull_that_broke_off_goes_on_at_the_page_where_it_stopped(monkeypatch, now):
    offered(monkeypatch, *PAGES, breaks_after=2)
    with pytest.raises(Unavailable):
        services.pull("Patient", at=now)
    assert (Person.objects.count(), Cursor.objects.get().pages) == (6, 2)
    asked = offered(monkeypatch, *PAGES)
    services.pull("Patient", at=now + timedelta(minutes=1))
    assert asked == [2, 3], "what was taken is not asked for again"
    cursor = Cursor.objects.get()
    assert (Person.objects.count(), cursor.pages, cursor.rows) == (12, 4, 12)
    assert cursor.started_at == now, "it is one import"


def test_a_link_that_the_hospital_has_forgotten_is_begun_anew(monkeypatch, now):
    offered(monkeypatch, *PAGES, breaks_after=2)
    with pytest.raises(Unavailable):
        services.pull("Patient", at=now)
    asked = offered(monkeypatch, *PAGES)
    following = gateways.following
    gone = iter([True])

    def forgotten(link):
        if next(gone, False):
            raise gateways.strange()
        return following(link)

    monkeypatch.setattr(gateways, "following", forgotten)
    services.pull("Patient", at=now)
    assert asked[0] == 0
    assert Person.objects.count() == 12


def test_the_next_pull_after_a_whole_one_counts_from_nothing(monkeypatch, now):
    for turn in range(2):
        offered(monkeypatch, *PAGES)
        services.pull("Patient", at=now + timedelta(minutes=turn))
    cursor = Cursor.objects.get()
    assert (cursor.pages, cursor.started_at) == (4, now + timedelta(minutes=1))


def test_the_command_tells_of_every_page_to_whoever_watches(monkeypatch, capsys):
    offered(monkeypatch, *PAGES)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    call_command("his_sync", "--only", "Patient")
    told = capsys.readouterr().out
    assert "6/12 条，2 页，每秒 " in told
    assert told.rstrip().endswith("12 条")


def test_it_sees_the_progress_and_nobody_else_does(monkeypatch, now):
    offered(monkeypatch, *PAGES, breaks_after=2)
    with pytest.raises(Unavailable):
        services.pull("Patient", at=now)
    it = make.sitting_of(make.staff("it-1", "it", at=now))
    page = it.get("/admin/his/cursor/").content.decode()
    assert "6 / 12 条（50%）" in page
    assert "静" in page
    other = make.sitting_of(make.staff("finance-1", "finance", at=now))
    assert other.get("/admin/his/cursor/").status_code == 403


def facts_of(person):
    return sum(table.objects.filter(person=person).count() for table in (Visit, Observation))


def test_half_of_her_record_then_silence_leaves_that_half(his, now, monkeypatch):
    monkeypatch.setattr(gateways, "PAGE", 10)
    monkeypatch.setattr(gateways, "PATIENCE", httpx.Timeout(0.5))
    following, turns = gateways.following, []

    def cut(link):
        turns.append(link)
        if len(turns) == 2:
            his.breaks(half_answer=1)
        return following(link)

    monkeypatch.setattr(gateways, "following", cut)
    with pytest.raises(Unavailable):
        services.refresh(WANG, at=now)
    hers = selectors.person_of(WANG)
    assert selectors.as_of(hers) == now
    half = facts_of(hers)
    services.refresh(WANG, at=now)
    assert 0 < half < facts_of(hers)


def test_her_pages_open_while_the_hospital_is_silent(his, now):
    user = consulting.account("13800006620", "王秀兰")
    patients.register(user, name="王秀兰", id_number=WANG, relation="self", at=now)
    client = make.sitting_of(user)
    his.is_silent()
    began = time.monotonic()
    for page in ("/me/bills/", "/reports/", "/me/patients/"):
        assert client.get(page).status_code == 200
    assert "医院资料截至" in client.get("/me/bills/").content.decode()
    assert time.monotonic() - began < gateways.TOGETHER


@contextmanager
def a_trickle(settings):
    """A server that sends one byte ten times a second, and never comes to an end."""

    class Trickle(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            while not done.wait(0.1):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def log_message(self, *_args):
            return

    done = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Trickle)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.HIS_URL = f"http://127.0.0.1:{server.server_port}/fhir"
    settings.OUTWARD_HOSTS = [urlsplit(settings.HIS_URL).netloc]
    yield
    done.set()
    server.shutdown()
    server.server_close()


def test_an_answer_that_trickles_in_is_given_up_in_time(settings, now, monkeypatch):
    monkeypatch.setattr(gateways, "TOGETHER", 0.6)
    began = time.monotonic()
    with a_trickle(settings), pytest.raises(Unavailable):
        services.refresh(WANG, at=now)
    assert 0.5 < time.monotonic() - began < 3
    gateways.breaker.reset()


def test_several_answers_share_one_patience(his, now, monkeypatch):
    """Each is quick enough for itself; together they are not."""
    monkeypatch.setattr(gateways, "PAGE", 10)
    monkeypatch.setattr(gateways, "TOGETHER", 1.0)
    his.breaks(delay_ms=300, times=-1)
    with pytest.raises(Unavailable):
        services.refresh(WANG, at=now)
    assert selectors.person_of(WANG) is not None


class Slow:
    """A hospital that finds nobody and takes its seconds for saying so, on a clock of its own."""

    def __init__(self, seconds):
        self.seconds, self.clock, self.left, self.limits = seconds, 1000.0, [], []

    def monotonic(self):
        return self.clock

    def request(self, *_args, within, timeout, **_how):
        self.left.append(within)
        self.limits.append(max(timeout.as_dict().values()))
        self.clock += self.seconds
        return httpx.Response(200, json={"resourceType": "Bundle"})


@pytest.fixture
def slow(monkeypatch):
    hospital = Slow(2.0)
    monkeypatch.setattr(gateways, "time", hospital)
    monkeypatch.setattr(outward, "request", hospital.request)
    yield hospital
    gateways.breaker.reset()


def test_no_question_waits_longer_than_what_is_left_and_none_begins_after_it(slow):
    with gateways.patience():
        for _turn in range(3):
            gateways.people(WANG)
        with pytest.raises(Unavailable):
            gateways.people(WANG)
    assert slow.left == [5.0, 3.0, 1.0]
    assert slow.limits == [3.0, 3.0, 1.0]
    gateways.people(WANG)
    assert slow.left[-1] == gateways.UNATTENDED, "the next question has its own time"


def test_patience_within_patience_has_what_is_left(slow):
    with gateways.patience():
        gateways.people(WANG)
        with gateways.patience():
            gateways.people(WANG)
        gateways.people(WANG)
    assert slow.left == [5.0, 3.0, 1.0]


def test_a_number_that_may_stand_on_two_papers_is_one_question(slow, now):
    user = consulting.account("13800006620", "陈大文")
    patients.register(
        user, name="陈大文", id_number=HONG_KONG, id_kind="residence", relation="self", at=now
    )
    assert slow.left == [5.0, 3.0]


def test_a_passport_is_matched_by_kind_and_number_never_by_name(his, now):
    his.write(patient(1, identifier=[passport("E1234567")], name=[{"text": "王秀兰"}]))
    taken = services.refresh("ｅ123 4567", document="passport", at=now)
    assert (taken.fhir_id, taken.name) == ("p-1", "王秀兰")
    assert selectors.person_of("E1234567", "passport") == taken
    assert selectors.person_of("E1234567", "taiwan") is None, "another kind of paper"
    assert selectors.person_of("E1234567") is None
    assert services.refresh("E7654321", document="passport", at=now) is None
    assert services.refresh(WANG, at=now) != taken, "the same name, another person"


@pytest.mark.parametrize("told", ["H1234567802", "H12345678(02)", "h12345678"])
def test_a_pass_is_the_same_before_and_after_its_renewal(his, now, told):
    theirs = {"system": "urn:his:document:hk-macao", "value": told}
    his.write(patient(1, identifier=[theirs]))
    services.pull("Patient", at=now)
    mine = documents.read(
        "hk-macao", "H12345678(01)", today=local_date(now), birth_date=local_date(now), sex="male"
    )
    later = now + timedelta(minutes=1)
    known = services.refresh(mine.number, document="hk-macao", at=later)
    assert known.fhir_id == "p-1"
    assert selectors.person_of(mine.number, "hk-macao") == known
    assert selectors.person_of("H12345679", "hk-macao") is None


def test_a_document_is_nobody_elses_and_goes_when_it_is_no_longer_told(now):
    first, second = patient(1, identifier=[passport("E1")]), patient(2)
    first["identifier"] = [passport("E1234567")]
    mirror.take("Patient", [first], at=now)
    taken = mirror.take("Patient", [second | {"identifier": [passport("E1234567")]}], at=now)
    assert taken.quarantined == 1
    assert Document.objects.get().person.fhir_id == "p-1"
    assert Quarantined.objects.get().why == "wrong-patient: a document is somebody else's"
    mirror.take("Patient", [first | {"identifier": [passport("E1234567", use="old")]}], at=now)
    assert not Document.objects.exists()


def test_results_within_a_report_stand_in_it_and_go_with_it(now):
    mirror.take("Patient", [PATIENT], at=now)
    mirror.take("DiagnosticReport", [LIPIDS], at=now)
    assert Report.objects.get().observations.get().value == Decimal("6.3")
    mirror.take("DiagnosticReport", [LIPIDS | {"status": "entered-in-error"}], at=now)
    assert not Observation.objects.exists()


INSIDE, LONG = {"reference": "#\x00"}, {"reference": f"#{'o' * 64}"}
POISON = [
    {"id": "a\x00b"},
    {"id": "half\ud800"},
    {"id": {"an": "object"}},
    {"id": None},
    {"meta": "yesterday"},
    {"code": {"coding": [{"system": "x", "code": "2823-3", "display": "\ud83d"}]}},
    {"code": {"coding": [{"system": "x", "code": "\x00", "display": "钾"}]}},
    {"valueQuantity": {"value": Decimal("1e999999")}},
    {"valueQuantity": {"value": Decimal("-1e400")}},
    {"subject": [1, 2, 3]},
    {"component": "none"},
    {"effectivePeriod": "2012"},
    {"referenceRange": {"low": 1}},
    {"extension": [[[[[[]]]]]]},
    {"subject": {"reference": "Patient/\x00"}},
    {"subject": {"reference": f"Patient/{'p' * 65}"}},
    {"effectiveDateTime": "0001-01-01"},
    {"effectiveDateTime": "0001-01-01T00:00:00+08:00"},
    {"effectiveDateTime": "9999-12-31T23:59:59-12:00"},
    {"effectiveDateTime": "2020-01-01T00:00:00+20:00"},
    {"meta": {"lastUpdated": "0001-01-01T00:00:00Z"}},
]


@pytest.mark.parametrize("poison", POISON, ids=str)
def test_no_resource_can_stop_the_others(poison, now):
    mirror.take("Patient", [PATIENT], at=now)
    good = GLUCOSE | {"id": "good"}
    mirror.take("Observation", [GLUCOSE | poison, good], at=now)
    assert Observation.objects.filter(fhir_id="good").exists()
    kept = Observation.objects.count() - 1 + Quarantined.objects.count()
    assert kept == 1, "taken or set aside, never lost"
    assert all(each.at and each.updated_at for each in Observation.objects.all()), "read back"
    assert all(json.loads(each.body) for each in Quarantined.objects.all())


@pytest.mark.parametrize(
    ("example", "poison"),
    [
        *((GLUCOSE, each) for each in POISON),
        (ENCOUNTER, {"reasonCode": [{"text": "\ud800"}]}),
        (ENCOUNTER, {"reasonCode": [{"text": "\x00"}]}),
        (ENCOUNTER, {"period": {"start": "0001"}}),
        (LIPIDS, {"contained": [LIPIDS["contained"][0] | {"id": "\x00"}], "result": [INSIDE]}),
        (LIPIDS, {"contained": [LIPIDS["contained"][0] | {"id": "o" * 64}], "result": [LONG]}),
        (PATIENT, {"id": "a\x00b"}),
    ],
    ids=lambda each: each.get("resourceType") or ascii(each)[:60],
)
def test_no_resource_can_stop_a_pull(example, poison, monkeypatch, now):
    kind = example["resourceType"]
    mirror.take("Patient", [PATIENT], at=now)
    monkeypatch.setattr(gateways, "several", lambda _kind, _ids: iter(()))
    offered(monkeypatch, [example | poison, example | {"id": "good"}])
    services.pull(kind, at=now)
    assert mirror.MODELS[kind].objects.filter(fhir_id="good").exists()
    assert Cursor.objects.get(resource=kind).error == ""


def test_a_kind_that_fails_keeps_no_other_one_waiting_and_is_not_quoted(monkeypatch, now):
    def changed(kind, *, since):
        if kind == "Patient":
            raise ValueError(WANG)
        return Page([], None)

    monkeypatch.setattr(gateways, "changed", changed)
    with pytest.raises(ValueError, match=WANG):
        services.pull_all(at=now)
    assert Cursor.objects.get(resource="Patient").error == "ValueError"
    assert Cursor.objects.filter(pulled_at=now).count() == len(services.RESOURCES) - 1


@pytest.mark.parametrize("link", ["long" * 500, "\x00", "\ud800"], ids=ascii)
def test_a_link_that_cannot_be_kept_fails_no_page(link, now):
    Cursor.objects.create(resource="Patient")
    page = Page([PATIENT], link)
    pulling.take_page("Patient", page, onward=link, at=now, seen=now)
    assert Cursor.objects.get().onward == ""
    pulling.take_page("Patient", page, onward="lawful", at=now, seen=now)
    assert Cursor.objects.get().onward == "lawful"


def test_what_was_put_right_over_there_is_fetched_again_by_it(his, now):
    right = his.read("Patient", "zhao-jianmin")
    his.write(right | {"birthDate": "1972-03-10"})
    with pytest.raises(Unavailable):
        services.refresh(ZHAO, at=now)
    mirror.take("Patient", [his.read("Patient", "zhao-jianmin")], at=now)
    aside = Quarantined.objects.get(why__contains="another birth date")
    it = make.staff("it-1", "it", at=now)
    with pytest.raises(WrongState) as refused:
        services.retry(aside, by=it, at=now)
    assert refused.value.code == "still-wrong"
    his.write(right)
    aside = services.retry(Quarantined.objects.get(pk=aside.pk), by=it, at=now)
    assert aside.mended_at == now
    assert selectors.person_of(ZHAO).birth_date.isoformat() == "1972-03-09"
    with pytest.raises(WrongState):
        services.retry(aside, by=it, at=now)
    suspect = Quarantined.objects.get(why=mirror.ANOTHER)
    assert suspect.mended_at is None, "that they answered with something else is still to be seen"


@pytest.fixture
def archive(monkeypatch):
    """What the hospital would answer with, by kind and id; nothing else is there."""
    there = {}
    monkeypatch.setattr(gateways, "read", lambda kind, fhir_id: there.get((kind, fhir_id)))
    return there


def holds(archive, resource):
    archive[resource["resourceType"], resource["id"]] = resource
    return resource


def test_what_waited_only_for_its_patient_is_taken_once_they_are_known(archive, now):
    mirror.take("Observation", [holds(archive, GLUCOSE)], at=now)
    assert services.retry_strangers(at=now) == 0
    mirror.take("Patient", [PATIENT], at=now)
    assert services.retry_strangers(at=now) == 1
    assert Observation.objects.get().value == Decimal("6.3")
    assert Quarantined.objects.get().mended_at == now


def code_of(word):
    return {"coding": [{"code": word}]}


def later(resource, **more):
    meta = {"versionId": "2", "lastUpdated": "2026-03-02T08:00:00.000+08:00"}
    return resource | {"meta": meta} | more


def test_what_was_withdrawn_while_it_waited_for_its_patient_does_not_stand(archive, now):
    mirror.take("Condition", [CONDITION], at=now)
    mirror.take("Patient", [PATIENT], at=now)
    withdrawn = holds(archive, later(CONDITION, verificationStatus=code_of("entered-in-error")))
    mirror.take("Condition", [withdrawn], at=now)
    assert services.retry_strangers(at=now) == 1
    assert not Diagnosis.objects.exists()
    assert Quarantined.objects.get().mended_at == now


def test_what_waits_for_its_patient_is_not_kept_waiting_by_a_silent_kind(archive, monkeypatch, now):
    mirror.take("Condition", [holds(archive, CONDITION)], at=now)
    mirror.take("Patient", [PATIENT], at=now)

    def changed(kind, *, since):
        if kind == "Invoice":
            raise gateways.strange()
        return Page([], None)

    monkeypatch.setattr(gateways, "changed", changed)
    tasks.pull()
    assert Diagnosis.objects.exists()


def test_what_is_withdrawn_takes_nothing_of_anybody_else_along(now):
    other = {"reference": "Patient/p-2"}
    mirror.take("Patient", [PATIENT, patient(2)], at=now)
    mirror.take(
        "AllergyIntolerance", [ALLERGY, ALLERGY | {"id": "f001.2", "patient": other}], at=now
    )
    mirror.take("AllergyIntolerance", [ALLERGY | {"id": "f001.3"}], at=now)
    wrong = later(ALLERGY, verificationStatus=code_of("entered-in-error"))
    mirror.take("AllergyIntolerance", [wrong], at=now)
    assert set(Allergy.objects.values_list("fhir_id", flat=True)) == {"f001.2", "f001.3"}


def test_a_withdrawn_observation_goes_with_its_components_and_nothing_else(now):
    mirror.take("Patient", [PATIENT, patient(2)], at=now)
    mirror.take("Observation", [PRESSURE, GLUCOSE | {"id": f"{PRESSURE['id']}.1"}], at=now)
    theirs = {"id": f"{PRESSURE['id']}.2", "subject": {"reference": "Patient/p-2"}}
    mirror.take("Observation", [GLUCOSE | theirs], at=now)
    assert Observation.objects.count() == 3
    mirror.take("Observation", [later(PRESSURE, status="entered-in-error")], at=now)
    left = set(Observation.objects.values_list("fhir_id", flat=True))
    assert left == {f"{PRESSURE['id']}.1", f"{PRESSURE['id']}.2"}


@pytest.mark.parametrize(
    "told",
    [
        {"meta": {"versionId": "0", "lastUpdated": "2001-01-01T00:00:00.000+08:00"}},
        {"patient": {"reference": "Patient/p-2"}},
    ],
    ids=["older", "about somebody else"],
)
def test_a_withdrawal_that_is_not_to_be_believed_withdraws_nothing(told, now):
    mirror.take("Patient", [PATIENT, patient(2)], at=now)
    mirror.take("AllergyIntolerance", [ALLERGY], at=now)
    wrong = later(ALLERGY, verificationStatus=code_of("entered-in-error")) | told
    mirror.take("AllergyIntolerance", [wrong], at=now)
    assert Allergy.objects.exists()


def lipids_of(value):
    inside = {"valueQuantity": {"value": value, "unit": "mmol/L"}}
    return LIPIDS | {"contained": [LIPIDS["contained"][0] | inside]}


def test_a_result_within_a_report_is_fetched_with_its_report(archive, now):
    it = make.staff("it-1", "it", at=now)
    mirror.take("Patient", [PATIENT], at=now)
    mirror.take("DiagnosticReport", [holds(archive, lipids_of("4,3"))], at=now)
    aside = Quarantined.objects.get()
    with pytest.raises(WrongState) as refused:
        services.retry(aside, by=it, at=now)
    assert refused.value.code == "still-wrong"
    holds(archive, lipids_of(Decimal("4.3")))
    assert services.retry(aside, by=it, at=now).mended_at == now
    assert Report.objects.get().observations.get().value == Decimal("4.3")


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (lipids_of(Decimal("4.3")), later(lipids_of("4,3"))),
        (GLUCOSE, later(GLUCOSE, valueQuantity={"value": "4,3"})),
    ],
    ids=["within a report", "by itself"],
)
def test_what_no_longer_exists_there_stands_here_no_longer(archive, now, good, bad):
    mirror.take("Patient", [PATIENT], at=now)
    mirror.take("Observation", [GLUCOSE | {"id": "another"}], at=now)
    for told in (good, bad):
        mirror.take(told["resourceType"], [told], at=now)
    assert Observation.objects.count() == 2
    aside = Quarantined.objects.get()
    with pytest.raises(WrongState) as refused:
        services.retry(aside, by=make.staff("it-1", "it", at=now), at=now)
    assert refused.value.code == "gone-there"
    assert Observation.objects.get().fhir_id == "another"
    assert Quarantined.objects.get().mended_at == now


def test_a_person_who_is_no_longer_found_keeps_their_record(archive, now):
    mirror.take("Patient", [PATIENT], at=now)
    mirror.take("Observation", [GLUCOSE], at=now)
    mirror.take("Patient", [later(PATIENT, birthDate="?")], at=now)
    with pytest.raises(WrongState):
        services.retry(Quarantined.objects.get(), by=make.staff("it-1", "it", at=now), at=now)
    assert Person.objects.get().observations.exists()


def test_a_silent_hospital_changes_nothing_about_what_is_set_aside(his, now):
    mirror.take("Patient", [PATIENT | {"birthDate": "?"}], at=now)
    his.is_silent()
    with pytest.raises(Unavailable):
        services.retry(Quarantined.objects.get(), by=make.staff("it-1", "it", at=now), at=now)
    assert Quarantined.objects.get().tried_at is None


def test_a_kind_that_the_hospital_does_not_know_keeps_no_other_one_waiting(monkeypatch, now):
    asked = []

    def changed(kind, *, since):
        asked.append(kind)
        if kind in {"Patient", "Invoice"}:
            raise gateways.strange()
        return Page([], None)

    monkeypatch.setattr(gateways, "changed", changed)
    with pytest.raises(Unavailable):
        services.pull_all(at=now)
    assert asked == list(services.RESOURCES)
    failed = Cursor.objects.exclude(error="").values_list("resource", flat=True)
    assert set(failed) == {"Patient", "Invoice"}
    assert Cursor.objects.filter(pulled_at=now).count() == len(services.RESOURCES) - 2


def test_two_medicines_of_one_name_do_not_stop_the_stock(now):
    def stock(fhir_id, packs):
        told = {"url": "urn:his:stock-on-hand", "valueQuantity": {"value": packs}}
        meta = {"versionId": "1", "lastUpdated": now.isoformat()}
        return {
            "resourceType": "Medication",
            "id": fhir_id,
            "meta": meta,
            "code": {"text": "阿司匹林 100mg"},
            "extension": [told],
        }

    mirror.take("Medication", [stock("a", 3), stock("b", 5)], at=now)
    assert selectors.stock_of("阿司匹林 100mg") == 3
    assert Quarantined.objects.get().fhir_id == "b"
