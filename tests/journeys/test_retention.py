"""What is past its term goes, on the day and not before; what is sealed stays."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from hospital.consultations import services as consultations
from hospital.consultations.models import Consultation, Message, Rating
from hospital.files import vault
from hospital.files.models import File
from hospital.kernel.clock import database_now
from hospital.policy.models import Decision
from patients import retention, services
from patients.models import Consent, Link, Patient
from patients.services import retaining
from prescriptions.models import Prescription
from tests import consulting, make, papers, prescribing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def back(at, years):
    return at.replace(year=at.year - years)


@pytest.fixture
def now():
    return database_now().replace(hour=4, minute=0, second=0, microsecond=0)


@pytest.fixture
def ended(now, settings, tmp_path):
    """A visit that ended three years ago to the day, with words, a picture and a rating."""
    settings.MEDIA_ROOT = tmp_path
    at = back(now, 3)
    user, patient = consulting.wang(at)
    visit = consulting.in_state("open", user, patient, make.doctor(at=at), at=at)
    consulting.said(visit, user, "头晕", at=at)
    picture = File.objects.create(
        kind="consultation", by=user, about=patient.public_id, stream=visit.public_id, at=at,
        media_type="image/jpeg", size=3, digest="0" * 64,
    )  # fmt: skip
    vault.put(picture.public_id, b"jpg")
    consulting.said(visit, user, "", file=picture.public_id, at=at)
    consultations.close(visit, by=visit.doctor.user, at=at)
    consultations.rate(visit, stars=5, text="很好", by=user, at=at)
    visit.refresh_from_db()
    return visit


def place_of(picture):
    return vault._place(picture)


def test_one_day_before_its_term_everything_stays(ended, now):
    before = Message.objects.count()
    retaining.purge(at=now - DAY, seconds=60)
    assert Message.objects.count() == before > 1
    assert File.objects.exists()


def test_on_the_day_words_pictures_and_rating_go_and_the_visit_stays(ended, now, trail):
    picture = File.objects.get().public_id
    assert place_of(picture).exists()
    assert retaining.purge(at=now, seconds=60) is None
    assert not Message.objects.exists()
    assert not Rating.objects.exists()
    assert not File.objects.exists()
    assert not place_of(picture).exists()
    assert Consultation.objects.get() == ended
    (event,) = [e for e in trail("retention.purge") if e.facts["of"] == "consultations.process"]
    assert event.facts["files"] == 1
    assert event.facts["rows"] >= 4


def test_what_is_sealed_stays_however_old_until_it_is_let_go(ended, now):
    hold = services.place_hold(
        ended.patient,
        stream=ended.public_id,
        reason="医疗纠纷，患者申请封存",
        by=make.medical_affairs(),
        at=now,
    )
    retaining.purge(at=now, seconds=60)
    assert Message.objects.exists()
    services.lift_hold(hold, by=make.medical_affairs("yiwuchu2"), at=now, why="已调解")
    retaining.purge(at=now, seconds=60)
    assert not Message.objects.exists()


def test_a_hold_of_another_visit_holds_only_that(ended, now):
    other = make.doctor("zhouruolan", "周若兰", at=back(now, 3))
    user = ended.patient.links.get().account
    second = consulting.in_state("cancelled", user, ended.patient, other, at=back(now, 3))
    services.place_hold(
        ended.patient, stream=second.public_id, reason="核对", by=make.medical_affairs(), at=now
    )
    retaining.purge(at=now, seconds=60)
    assert not Message.objects.filter(consultation=ended).exists()


def test_the_platform_itself_can_delete_nothing_that_was_said(ended):
    for rows in (Message.objects, File.objects, Rating.objects, Consultation.objects):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.all()._raw_delete(using="default")


def test_nor_with_the_setting_that_switches_the_triggers_off(ended):
    """The negative control of the grants: a trigger can be told to look away, a grant cannot."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text"
            " FROM pg_trigger WHERE tgrelid = 'consultations_message'::regclass), true)"
        )
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("DELETE FROM consultations_message")


def test_a_clock_that_runs_ahead_takes_nothing(ended, now):
    """The functions trust the caller's clock backwards only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rows FROM consultations_purge_records(%s, 0, 100)", [now + 20 * 365 * DAY]
        )
        assert cursor.fetchone() == (0,)
    assert Consultation.objects.get() == ended


def test_after_it_the_triggers_watch_again(ended, now):
    with transaction.atomic():
        retention.workers()["consultations.process"](now, 0, 100)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
            assert cursor.fetchone() == ("{}",)


def test_it_goes_on_where_it_stopped(ended, now, monkeypatch):
    stopped = retaining.purge(at=now, seconds=-1)
    assert stopped == retaining.Place(next(iter(retention.workers())), 0)
    assert Message.objects.exists()
    assert retaining.purge(at=now, seconds=60, start=stopped) is None
    assert not Message.objects.exists()


@pytest.fixture
def long_ago(now, settings, tmp_path):
    """A prescription handed out fifteen years ago to the day, and nothing since."""
    settings.MEDIA_ROOT = tmp_path
    at = back(now, 15)
    user, patient = consulting.wang(at)
    long_since = {"independent_since": date(2000, 7, 1)}
    doctor = make.doctor(at=at, **long_since)
    visit = consulting.in_state("open", user, patient, doctor, at=at)
    cast = prescribing.Cast(user, patient, doctor, make.pharmacist(at=at, **long_since), visit)
    made = prescribing.dispensed(cast, at=at)
    consultations.close(cast.visit, by=cast.doctor.user, at=at)
    services.note_visit(
        cast.patient, visit=cast.visit.public_id, at=at, department="心血管内科",
        doctor="陈思远", diagnoses=[], outcome="closed",
    )  # fmt: skip
    return cast, made


def test_a_record_stays_to_the_last_day_of_its_fifteen_years(long_ago, now):
    retaining.purge(at=now - DAY, seconds=60)
    assert Prescription.objects.count() == Consultation.objects.count() == 1


def test_on_the_day_the_record_goes_and_who_still_comes_stays_known(long_ago, now):
    retaining.purge(at=now, seconds=60)
    assert not Prescription.objects.exists()
    assert not Consultation.objects.exists()
    assert not Decision.objects.filter(about=long_ago[0].patient.public_id).exists()
    assert Patient.objects.get() == long_ago[0].patient
    assert Consent.objects.exists()


def test_who_has_gone_is_forgotten_altogether(long_ago, now):
    cast, _made = long_ago
    at, patient = back(now, 15), cast.patient
    services.protect(patient, by=make.medical_affairs(), at=at, why="本院职工")
    office = make.staff("menban", "outpatient_office", at=at)
    told = {"details": ["name"], "reason": "complaint", "note": "核对投诉人"}
    services.unmask(patient, **told, by=office, at=at)
    paper = papers.handed_in(cast.user, patient, at=at)
    papers.confirmed(paper, cast.doctor, at=at)
    kept = place_of(paper.pages.get().file.public_id)
    assert kept.exists()
    Link.objects.update(ended_at=at)
    retaining.purge(at=now, seconds=60)
    assert not Patient.objects.exists()
    assert not Link.objects.exists()
    assert not kept.exists()


def test_a_visit_in_the_hospital_itself_begins_the_term_anew(long_ago, now):
    person = long_ago[0].patient.person
    person.visits.update(at=now - 14 * 365 * DAY)
    retaining.purge(at=now, seconds=60)
    assert Prescription.objects.exists()


def test_the_whole_record_stays_while_any_of_it_is_sealed(long_ago, now):
    cast, _made = long_ago
    services.place_hold(cast.patient, stream=None, reason="鉴定", by=make.medical_affairs(), at=now)
    retaining.purge(at=now, seconds=60)
    assert Prescription.objects.exists()


def test_the_table_and_the_workers_are_the_same():
    nightly = {term.name for term in retention.terms() if term.who == retention.NIGHTLY}
    assert nightly == set(retention.workers())
    assert all(term.term and term.basis and term.counted_from for term in retention.terms())


def test_where_the_words_stood_the_page_says_that_they_are_gone(ended, now):
    user = ended.patient.links.get().account
    retaining.purge(at=now, seconds=60)
    page = make.sitting_of(user).get(f"/consultations/{ended.public_id}/").content.decode()
    assert "已过保存期" in page
