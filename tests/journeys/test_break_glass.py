"""急诊查阅: opened with a reason, seen by everybody, over in half an hour, judged by another."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit.models import Alarm
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused, TooMany, WrongState
from hospital.notifications.models import Notice
from patients import selectors, services
from patients.lifecycle import GlassState
from patients.models import Glass
from tests import consulting, letting_in, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(now):
    return consulting.wang(at=now)[1]


@pytest.fixture
def doctor(now):
    return make.doctor("zhouping", "周平", department="内分泌科", at=now)


@pytest.fixture
def child(now):
    """郭小满, four years old, with the father as the guardian."""
    father = consulting.person("郭立", "13800006625", date(1988, 3, 2), at=now)
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, father, at=now)
    small = consulting.person(
        "郭小满", "13800006625", date(2022, 5, 1), guardian=("郭立", "13800006625"), at=now
    )
    return guo, consulting.known(guo, small, "child", at=now)


def told(user, kind):
    return [each.said_body for each in Notice.objects.filter(to=user, kind=kind)]


def test_a_doctor_without_a_relation_reads_the_record_for_half_an_hour(wang, doctor, now, trail):
    assert wang not in selectors.visible_to(doctor.user)
    glass = letting_in.opened(wang, doctor, at=now)
    assert glass.until == now + timedelta(minutes=30)
    assert list(selectors.visible_to(doctor.user)) == [wang]
    services.open_record(wang, by=doctor.user, at=now, why="care")
    (read,) = trail("record.read")
    assert read.facts == {"why": "break-glass", "glass": str(glass.public_id)}
    assert read.about == wang.public_id
    assert trail("break-glass.open")[0].facts["reason"] == "unresponsive"


def test_its_time_is_up_by_the_databases_clock_before_anybody_sweeps(wang, doctor, now):
    letting_in.opened(wang, doctor, at=now - timedelta(minutes=29))
    assert wang in selectors.visible_to(doctor.user)
    another = make.doctor("linyi", "林一", at=now)
    letting_in.opened(wang, another, at=now - timedelta(minutes=30, seconds=1))
    assert Glass.objects.filter(state="open").count() == 2
    assert wang not in selectors.visible_to(another.user)


def test_the_sweep_ends_what_is_over_at_its_own_time(wang, doctor, now, trail):
    glass = letting_in.opened(wang, doctor, at=now)
    assert services.sweep_glasses(at=glass.until - timedelta(seconds=1)) == 0
    assert services.sweep_glasses(at=glass.until + timedelta(minutes=5)) == 1
    glass.refresh_from_db()
    assert (glass.state, glass.ended_at) == (GlassState.ENDED, glass.until)
    assert trail("break-glass.end")[0].facts["why"] == "time"
    assert services.sweep_glasses(at=glass.until + timedelta(minutes=6)) == 0


def test_it_can_be_ended_early_and_ends_sight_at_once(wang, doctor, now):
    glass = letting_in.opened(wang, doctor, at=now)
    for _turn in range(2):
        services.end_glass(glass, by=doctor.user, at=now + timedelta(minutes=2))
    assert wang not in selectors.visible_to(doctor.user)
    with pytest.raises(NotAllowed):
        services.end_glass(glass, by=make.medical_affairs(), at=now)


def test_one_at_a_time_and_the_next_one_after_it(wang, child, doctor, now):
    first = letting_in.opened(wang, doctor, at=now)
    with pytest.raises(WrongState) as refused:
        letting_in.opened(child[1], doctor, at=now)
    assert refused.value.code == "one-at-a-time"
    services.end_glass(first, by=doctor.user, at=now)
    assert letting_in.opened(child[1], doctor, at=now).patient == child[1]


def test_one_that_is_over_but_not_swept_does_not_stand_in_the_way(wang, doctor, now):
    letting_in.opened(wang, doctor, at=now - timedelta(minutes=31))
    letting_in.opened(wang, doctor, at=now)
    assert [each.state for each in Glass.objects.order_by("pk")] == ["ended", "open"]


def test_whoever_treats_the_patient_needs_none(now):
    user, patient = consulting.wang(at=now)
    attending = make.doctor(at=now)
    consulting.opened(
        consulting.paid(consulting.ordered(user, patient, attending, at=now), at=now), at=now
    )
    with pytest.raises(WrongState) as refused:
        letting_in.opened(patient, attending, at=now)
    assert refused.value.code == "needless"


# how a patient is found ------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["110108195806170021", "王秀兰", "", "11010819900101001X"])
def test_a_wrong_number_and_nobodys_number_sound_the_same(wang, doctor, now, number, trail):
    with pytest.raises(Refused) as refused:
        services.break_glass(number, reason="transfer", note=letting_in.WHY, by=doctor.user, at=now)
    assert (refused.value.code, refused.value.facts) == ("no-such-record", {})
    assert not Glass.objects.exists()
    assert not trail("break-glass.open")


def test_the_number_may_be_typed_as_people_type(wang, doctor, now):
    typed = f" {wang.id_number[:6]} {wang.id_number[6:]} ".lower()
    assert (
        services.break_glass(
            typed, reason="transfer", note=letting_in.WHY, by=doctor.user, at=now
        ).patient
        == wang
    )


def test_guessing_at_numbers_is_counted_hit_or_miss(wang, doctor, now):
    for _turn in range(10):
        with pytest.raises(Refused):
            services.break_glass(
                "110108195806170021", reason="transfer", note=letting_in.WHY, by=doctor.user, at=now
            )
    with pytest.raises(TooMany):
        letting_in.opened(wang, doctor, at=now)
    another = make.doctor("linyi", "林一", at=now)
    assert letting_in.opened(wang, another, at=now)
    assert letting_in.opened(wang, doctor, at=now + timedelta(minutes=61))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"reason": "curiosity"}, "reason-unknown"),
        ({"note": "急诊急诊急诊急诊急"}, "note-too-short"),
        ({"note": "急诊急诊" + "\u200b" * 10 + " " * 20}, "note-too-short"),
        ({"note": "急" * 501}, "text-too-long"),
    ],
)
def test_a_reason_of_the_list_and_ten_characters_are_asked(wang, doctor, now, change, code):
    if code is None:  # invisible marks and the space around do not count
        change, code = (
            {"note": "急诊\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b   "},
            "note-too-short",
        )
    with pytest.raises(Refused) as refused:
        letting_in.opened(wang, doctor, at=now, **change)
    assert refused.value.code == code


def test_ten_characters_are_enough_and_stand_sealed(wang, doctor, now):
    glass = letting_in.opened(wang, doctor, at=now, note="急诊急诊急诊急诊急诊")
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM patients_glass WHERE id = %s", [glass.pk])
        assert "急诊" not in cursor.fetchone()[0]
    assert Glass.objects.get().note == "急诊急诊急诊急诊急诊"


def test_only_a_doctor_whose_credential_is_in_force(wang, now, doctor):
    beginner = make.clinician(
        "wutong", "吴桐", kind="doctor", department="内分泌科", title="attending", at=now
    )
    for who in (beginner, make.pharmacist(at=now)):
        with pytest.raises(NotAllowed) as refused:
            letting_in.opened(wang, who, at=now)
        assert refused.value.code == "not-practising"
    assert letting_in.opened(wang, doctor, at=now)


def test_a_suspended_doctor_loses_sight_at_once(wang, doctor, now):
    from doctors import services as doctors  # noqa: PLC0415 - beside the one line that needs it

    letting_in.opened(wang, doctor, at=now)
    credential = doctor.credentials.get()
    doctors.suspend(credential, by=make.medical_affairs("yiwu2"), at=now, why="投诉核查")
    assert wang not in selectors.visible_to(doctor.user)


# who is told -------------------------------------------------------------------------------------


def test_the_patient_is_told_at_once_by_whom_and_until_when(wang, doctor, now):
    letting_in.opened(wang, doctor, at=now)
    (body,) = told(wang.links.get().account, "break-glass.open")
    assert "周平医生" in body
    assert "王秀兰" in body


def test_of_a_child_the_guardian_is_told_and_it_is_marked(child, doctor, now, trail):
    guo, small = child
    glass = letting_in.opened(small, doctor, at=now)
    assert glass.of_minor
    assert trail("break-glass.open")[0].facts["minor"] is True
    assert len(told(guo, "break-glass.open")) == 1


# the review --------------------------------------------------------------------------------------


def test_another_person_of_medical_affairs_judges_it_and_both_sides_hear(wang, doctor, now, trail):
    glass = letting_in.over(wang, doctor, at=now)
    services.object_to_glass(glass, by=make.medical_affairs(), at=now, why="当天没有急诊记录")
    glass.refresh_from_db()
    assert (glass.state, glass.review_note) == (GlassState.UNJUSTIFIED, "当天没有急诊记录")
    assert trail("break-glass.review")[0].facts["after"] == "unjustified"
    assert "不成立" in told(wang.links.get().account, "break-glass.review")[0]
    assert len(told(doctor.user, "break-glass.review")) == 1


def test_nobody_judges_their_own_look(wang, now):
    both = make.staff("both", "doctor", "medical_affairs", name="周平")
    from doctors import services as doctors  # noqa: PLC0415 - beside the lines that need it
    from doctors.models import Department  # noqa: PLC0415

    who = doctors.add_clinician(
        both,
        kind="doctor",
        department=Department.objects.get(name="内分泌科"),
        title="chief",
        by=None,
        at=now,
    )
    make.licensed(who, at=now)
    glass = letting_in.over(wang, who, at=now)
    with pytest.raises(NotAllowed):
        services.justify_glass(glass, by=both, at=now, why="情况属实")
    assert services.justify_glass(glass, by=make.medical_affairs(), at=now, why="情况属实")


def test_only_medical_affairs_judges_and_says_why(wang, doctor, now):
    glass = letting_in.over(wang, doctor, at=now)
    with pytest.raises(NotAllowed):
        services.justify_glass(glass, by=make.staff("aud", "audit_admin"), at=now, why="属实")
    with pytest.raises(Refused) as refused:
        services.justify_glass(glass, by=make.medical_affairs(), at=now, why="  ")
    assert refused.value.code == "why-missing"


def test_a_review_that_is_missing_after_a_day_raises_one_alarm(child, doctor, now, trail):
    _guo, small = child
    opened = now - timedelta(days=1)
    glass = letting_in.opened(small, doctor, at=opened)
    services.sweep_glasses(at=glass.review_by - timedelta(seconds=1))
    assert not Alarm.objects.filter(kind="break-glass-unreviewed").exists()
    for _turn in range(2):
        services.sweep_glasses(at=glass.review_by)
    (alarm,) = Alarm.objects.filter(kind="break-glass-unreviewed")
    assert (alarm.about, alarm.actor) == (small.public_id, doctor.user.public_id)
    assert len(trail("break-glass.overdue")) == 1
    assert glass in selectors.overdue_reviews(glass.review_by)


def test_one_that_was_judged_in_time_is_never_overdue(wang, doctor, now):
    glass = letting_in.over(wang, doctor, at=now)
    services.justify_glass(glass, by=make.medical_affairs(), at=now, why="情况属实")
    assert services.sweep_glasses(at=now + timedelta(days=2)) == 0


# the database says the same ----------------------------------------------------------------------


def forged(wang, doctor, now, **change):
    return Glass(
        patient=wang,
        by=doctor.user,
        reason="transfer",
        note="x",
        opened_at=now,
        **{
            "until": now + timedelta(minutes=30),
            "review_by": now + timedelta(days=1),
        }
        | change,
    )


def test_the_database_takes_the_lawful_one(wang, doctor, now):
    forged(wang, doctor, now).save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        {"until": timedelta(minutes=30, seconds=1)},
        {"until": timedelta(0)},
        {"review_by": timedelta(days=1, seconds=1)},
        {"state": "closed"},
        {"state": "ended"},
        {"state": "justified", "ended_at": timedelta(minutes=1)},
    ],
    ids=str,
)
def test_the_database_takes_none_that_is_unlawful(wang, doctor, now, change):
    moved = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(wang, doctor, now, **moved).save(force_insert=True)


def test_the_database_takes_one_open_look_of_a_doctor(wang, child, doctor, now):
    forged(wang, doctor, now).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(child[1], doctor, now).save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE patients_glass SET reviewer_id = by_id, reviewed_at = now(), state = 'justified'",
        "UPDATE patients_glass SET state = 'open', ended_at = NULL",
        "UPDATE patients_glass SET until = until + interval '1 second'",
        "UPDATE patients_glass SET reason = 'transfer'",
        "UPDATE patients_glass SET of_minor = NOT of_minor",
        "DELETE FROM patients_glass",
    ],
)
def test_the_database_lets_nobody_make_it_look_better(wang, doctor, now, statement):
    letting_in.over(wang, doctor, at=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# at the same moment ------------------------------------------------------------------------------


def both_at_once(patients, doctor, now):
    """Two requests of one doctor in the same moment; the codes of what was refused."""
    start, refused = Barrier(2), []

    def one(patient):
        try:
            start.wait()
            letting_in.opened(patient, doctor, at=now)
        except Refused as refusal:
            refused.append(refusal.code)
        except IntegrityError:
            refused.append("crashed")
        finally:
            connection.close()

    threads = [Thread(target=one, args=[each]) for each in patients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_and_one_polite_refusal(now):
    doctor = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    first = consulting.wang(at=now)[1]
    who = consulting.person("李四", "13800006777", date(1970, 1, 1), at=now)
    second = consulting.known(consulting.account("13800006777", "李四"), who, at=now)
    assert both_at_once([first, second], doctor, now) == ["one-at-a-time"]
    assert Glass.objects.filter(state="open").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_one_would_crash(now, monkeypatch):
    """The control: both look before either writes, and the database has the last word."""
    from patients.services import glasses  # noqa: PLC0415 - patched here alone

    together = Barrier(2)
    monkeypatch.setattr(glasses, "_one_at_a_time", lambda by, *, at: together.wait(timeout=5))
    monkeypatch.setattr(
        glasses.User.objects, "select_for_update", lambda **_how: glasses.User.objects.all()
    )
    doctor = make.doctor("zhouping", "周平", department="内分泌科", at=now)
    first = consulting.wang(at=now)[1]
    who = consulting.person("李四", "13800006777", date(1970, 1, 1), at=now)
    second = consulting.known(consulting.account("13800006777", "李四"), who, at=now)
    assert both_at_once([first, second], doctor, now) == ["crashed"]
