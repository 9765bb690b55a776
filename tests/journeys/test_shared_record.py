"""A patient lets one doctor in for a time; a colleague is consulted where the patient agrees."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, IntegrityError, connection, transaction
from guardian.models import UserObjectPermission
from guardian.shortcuts import assign_perm, get_objects_for_user

from hospital.consultations import services as consultations
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications.models import Notice
from patients import selectors, services
from patients.lifecycle import ShareState
from patients.models import Patient, RecordGrant, Share
from tests import consulting, letting_in, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def wang(now):
    return consulting.wang(at=now)


@pytest.fixture
def doctor(now):
    return make.doctor("zhouping", "周平", department="内分泌科", at=now)


@pytest.fixture
def visit(wang, now):
    """王秀兰 in an open consultation with 陈思远."""
    ordered = consulting.ordered(*wang, make.doctor(at=now), at=now)
    return consulting.opened(consulting.paid(ordered, at=now), at=now)


def test_a_patient_lets_one_doctor_in_and_nobody_else(wang, doctor, now, trail):
    user, patient = wang
    share = letting_in.shared(patient, doctor, by=user, at=now)
    assert share.until == now + timedelta(days=30)
    assert list(selectors.visible_to(doctor.user)) == [patient]
    assert not selectors.visible_to(make.doctor("linyi", "林一", at=now).user).exists()
    (given,) = trail("share.give")
    assert (given.about, given.facts["days"]) == (patient.public_id, 30)
    assert Notice.objects.filter(to=doctor.user, kind="share.give").count() == 1


def test_what_is_read_under_a_share_says_so_whatever_the_door_says(wang, doctor, now, trail):
    user, patient = wang
    letting_in.shared(patient, doctor, by=user, at=now)
    services.open_record(patient, by=doctor.user, at=now, why="care")
    assert trail("record.read")[0].facts == {"why": "shared"}


def test_who_looks_after_the_patient_reads_for_care(visit, now, trail):
    services.open_record(visit.patient, by=visit.doctor.user, at=now, why="care")
    assert trail("record.read")[0].facts == {"why": "care"}


def test_taken_back_it_is_gone_at_once(wang, doctor, now, trail):
    user, patient = wang
    share = letting_in.shared(patient, doctor, by=user, at=now)
    for _turn in range(2):
        services.end_share(share, by=user, at=now)
    assert not selectors.visible_to(doctor.user).exists()
    assert not RecordGrant.objects.exists()
    assert len(trail("share.end")) == 1
    assert letting_in.shared(patient, doctor, by=user, at=now).state == ShareState.STANDING


def test_its_time_ends_it_before_anybody_sweeps_and_then_the_sweep_tells(wang, doctor, now, trail):
    user, patient = wang
    share = letting_in.shared(patient, doctor, by=user, days=1, at=now - timedelta(days=1))
    assert not selectors.visible_to(doctor.user).exists()
    assert services.sweep_shares(at=share.until - timedelta(seconds=1)) == 0
    assert services.sweep_shares(at=now) == 1
    share.refresh_from_db()
    assert share.state == ShareState.ENDED
    assert trail("share.end")[0].facts["why"] == "time"


def test_a_day_is_left_on_the_last_day(wang, doctor, now):
    user, patient = wang
    letting_in.shared(patient, doctor, by=user, days=30, at=now - timedelta(days=29))
    assert list(selectors.visible_to(doctor.user)) == [patient]


@pytest.mark.parametrize("days", [0, -1, 181, 10_000])
def test_no_share_is_longer_than_180_days(wang, doctor, now, days):
    user, patient = wang
    with pytest.raises(Refused) as refused:
        letting_in.shared(patient, doctor, by=user, days=days, at=now)
    assert refused.value.code == "number-out-of-range"
    assert letting_in.shared(patient, doctor, by=user, days=180, at=now)


def test_twice_to_the_same_doctor_is_refused_and_not_doubled(wang, doctor, now):
    user, patient = wang
    letting_in.shared(patient, doctor, by=user, at=now)
    with pytest.raises(WrongState) as refused:
        letting_in.shared(patient, doctor, by=user, at=now)
    assert refused.value.code == "shared-already"
    assert RecordGrant.objects.count() == 1


def test_only_a_doctor_who_may_practise_is_let_in_and_a_suspended_one_no_longer(wang, doctor, now):
    from doctors import services as doctors  # noqa: PLC0415 - beside the lines that need it

    user, patient = wang
    pharmacist = make.pharmacist(at=now)
    with pytest.raises(Refused) as refused:
        letting_in.shared(patient, pharmacist, by=user, at=now)
    assert refused.value.code == "doctor-unknown"
    letting_in.shared(patient, doctor, by=user, at=now)
    credential = doctor.credentials.get()
    doctors.suspend(credential, by=make.medical_affairs("yiwu2"), at=now, why="投诉核查")
    assert not selectors.visible_to(doctor.user).exists()


# who decides -------------------------------------------------------------------------------------


def family(now):
    """郭立 and his daughter of four; 李梅, who is nobody's."""
    father = consulting.person("郭立", "13800006625", date(1988, 3, 2), at=now)
    guo = consulting.account("13800006625", "郭立")
    consulting.known(guo, father, at=now)
    small = consulting.person(
        "郭小满", "13800006625", date(2022, 5, 1), guardian=("郭立", "13800006625"), at=now
    )
    return guo, consulting.known(guo, small, "child", at=now)


def test_a_guardian_decides_for_the_child_until_the_link_ends(doctor, now):
    guo, small = family(now)
    share = letting_in.shared(small, doctor, by=guo, at=now)
    services.end_link(selectors.link_of(guo, small), by=guo, at=now)
    with pytest.raises(NotAllowed):
        services.end_share(share, by=guo, at=now)


def test_family_does_not_decide_for_somebody_who_decides_for_themselves(wang, doctor, now):
    user, patient = wang
    son = consulting.account("13800006621", "王强")
    who = consulting.person("王强", "13800006621", date(1985, 1, 1), at=now)
    consulting.known(son, who, at=now)
    from patients.models import Link  # noqa: PLC0415 - a link that the texted code would make

    Link.objects.create(account=son, patient=patient, relation="parent", is_proven=True, since=now)
    with pytest.raises(NotAllowed):
        letting_in.shared(patient, doctor, by=son, at=now)
    Link.objects.filter(account=user, patient=patient).update(ended_at=now)
    assert letting_in.shared(patient, doctor, by=son, at=now), "there is nobody nearer"


def test_a_stranger_shares_nothing(wang, doctor, now):
    with pytest.raises(NotAllowed):
        letting_in.shared(wang[1], doctor, by=consulting.stranger(), at=now)


# 会诊 ---------------------------------------------------------------------------------------------


def test_a_colleague_sees_nothing_before_the_patient_agrees(visit, doctor, now, trail):
    share = letting_in.asked(visit, doctor, at=now)
    assert share.state == ShareState.ASKED
    assert not selectors.visible_to(doctor.user).exists()
    patient_side = visit.asked_by
    assert Notice.objects.filter(to=patient_side, kind="share.ask").count() == 1
    services.agree_to_share(share, by=patient_side, at=now)
    assert list(selectors.visible_to(doctor.user)) == [visit.patient]
    assert [e.stream for e in trail("share.agree")] == [visit.public_id]


def test_it_ends_with_the_consultation(visit, doctor, now, trail):
    share = letting_in.asked(visit, doctor, at=now)
    services.agree_to_share(share, by=visit.asked_by, at=now)
    consultations.close(visit, by=visit.doctor.user, at=now)
    assert not selectors.visible_to(doctor.user).exists()
    assert trail("share.end")[0].facts["why"] == "visit"


def test_a_question_that_nobody_answered_lapses_with_it(visit, doctor, now):
    share = letting_in.asked(visit, doctor, at=now)
    consultations.refer(visit, reason="needs-examination", by=visit.doctor.user, at=now)
    share.refresh_from_db()
    assert share.state == ShareState.LAPSED
    with pytest.raises(WrongState):
        services.agree_to_share(share, by=visit.asked_by, at=now)


def test_a_patient_may_say_no_and_the_doctor_hears_it(visit, doctor, now):
    share = letting_in.asked(visit, doctor, at=now)
    services.decline_share(share, by=visit.asked_by, at=now)
    assert not RecordGrant.objects.exists()
    assert Notice.objects.filter(to=visit.doctor.user, kind="share.decline").count() == 1


def test_only_the_doctor_who_attends_asks_while_it_is_open(visit, doctor, now):
    told = {"doctor": doctor.user.public_id, "why": "一起看", "at": now}
    with pytest.raises(NotAllowed):
        consultations.invite(visit, by=doctor.user, **told)
    with pytest.raises(Refused) as refused:
        consultations.invite(
            visit, by=visit.doctor.user, **told | {"doctor": visit.doctor.user.public_id}
        )
    assert refused.value.code == "not-oneself"
    consultations.close(visit, by=visit.doctor.user, at=now)
    with pytest.raises(WrongState):
        consultations.invite(visit, by=visit.doctor.user, **told)


def test_the_doctor_who_asks_cannot_agree_for_the_patient(visit, doctor, now):
    share = letting_in.asked(visit, doctor, at=now)
    for who in (visit.doctor.user, doctor.user):
        with pytest.raises(NotAllowed):
            services.agree_to_share(share, by=who, at=now)


# guardian's traps --------------------------------------------------------------------------------


def view_record():
    return Permission.objects.get(codename="view_record", content_type__app_label="patients")


def test_a_permission_that_a_user_has_everywhere_opens_no_record(wang, doctor, monkeypatch):
    """guardian's list shows every patient to whoever holds `view_record` globally."""
    doctor.user.user_permissions.add(view_record())
    user = type(doctor.user).objects.get(pk=doctor.user.pk)
    assert not selectors.visible_to(user).exists()
    monkeypatch.setattr(type(user), "has_perm", lambda _user, _perm, obj=None: obj is None)
    assert get_objects_for_user(user, "patients.view_record").exists(), "the trap is there"
    assert not selectors.visible_to(user).exists()
    assert not selectors.shares_with(user).exists()


def test_a_grant_without_a_share_that_stands_opens_no_record(wang, doctor, now):
    """Neither a generic row nor one of our table behind guardian's back."""
    patient = wang[1]
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        assign_perm("view_record", doctor.user, patient)
    UserObjectPermission.objects.create(
        user=doctor.user, permission=view_record(), content_object=patient
    )
    assert not selectors.visible_to(doctor.user).exists()
    share = letting_in.shared(patient, doctor, by=wang[0], at=now)
    Share.objects.filter(pk=share.pk).update(state="ended", ended_at=now)
    assert RecordGrant.objects.exists()
    assert not selectors.visible_to(doctor.user).exists()


def test_the_list_and_the_single_record_agree(wang, doctor, now):
    user, patient = wang
    guo, small = family(now)
    letting_in.shared(patient, doctor, by=user, at=now)
    letting_in.shared(small, doctor, by=guo, days=1, at=now - timedelta(days=2))
    listed = {share.patient for share in selectors.shares_with(doctor.user)}
    single = {
        each
        for each in Patient.objects.all()
        if selectors.visible_to(doctor.user).filter(public_id=each.public_id).exists()
    }
    assert listed == single == {patient}


def test_no_orphan_is_left_behind(wang, doctor, now):
    user, patient = wang
    share = letting_in.shared(patient, doctor, by=user, at=now)
    share.delete()
    assert not RecordGrant.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = 'patients_recordgrant'::regclass"
            " AND contype = 'f'"
        )
        assert cursor.fetchone() == (4,), "user, permission, patient and share are foreign keys"


# the database says the same ----------------------------------------------------------------------


def forged(patient, doctor, user, now, **change):
    told = {
        "kind": "shared",
        "asked_at": now,
        "asked_by": user,
        "agreed_at": now,
        "agreed_by": user,
        "until": now + timedelta(days=180),
    }
    return Share(patient=patient, doctor=doctor.user, **told | change)


def test_the_database_takes_the_lawful_one(wang, doctor, now):
    forged(wang[1], doctor, wang[0], now).save(force_insert=True)


@pytest.mark.parametrize(
    "change",
    [
        {"until": timedelta(days=180, seconds=1)},
        {"until": timedelta(0)},
        {"agreed_at": None},
        {"agreed_by": None},
        {"state": "asked"},
        {"state": "ended"},
        {"state": "gone"},
        {"kind": "consult"},
        {"kind": "gift"},
    ],
    ids=str,
)
def test_the_database_takes_none_that_is_unlawful(wang, doctor, now, change):
    moved = {k: now + v if isinstance(v, timedelta) else v for k, v in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        forged(wang[1], doctor, wang[0], now, **moved).save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE patients_share SET until = until + interval '1 day'",
        "UPDATE patients_share SET doctor_id = asked_by_id",
        "UPDATE patients_share SET state = 'asked', agreed_at = NULL, agreed_by_id = NULL",
    ],
)
def test_the_database_lets_nobody_stretch_what_was_agreed(wang, doctor, now, statement):
    letting_in.shared(wang[1], doctor, by=wang[0], at=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
