"""R-36: training and assessment of clinicians, for medical affairs and for the person."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from doctors import selectors, services
from doctors.models import Training
from hospital.kernel.refusals import NotAllowed, Refused
from tests import make
from tests.conftest import NOON
from tests.make import sitting_of, staff

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
GIVEN = {
    "kind": "assessment",
    "topic": "互联网诊疗管理规范",
    "on": TODAY,
    "score": 92,
    "is_passed": True,
    "at": NOON,
}


def record(who=None, *, by=None, **more):
    who = who or make.doctor("zhouruolan", "周若兰")
    return services.record_training(who, **{**GIVEN, **more}, by=by or make.medical_affairs())


def test_medical_affairs_record_it_and_the_person_is_told(trail):
    who = make.doctor("zhouruolan", "周若兰")
    made = record(who)
    assert trail("training.record")[-1].subject.endswith(str(made.public_id))
    text = sitting_of(who.user).get("/doctor/training/").content.decode()
    assert "互联网诊疗管理规范" in text
    assert "92 分" in text
    assert "合格" in text
    notices = sitting_of(who.user).get("/inbox/").content.decode()
    assert "培训和考核有新记录" in notices


def test_it_is_shown_to_the_person_and_to_medical_affairs_and_to_nobody_else():
    who, other = make.doctor("zhouruolan", "周若兰"), make.doctor("hanlei", "韩磊")
    made = record(who)
    assert list(selectors.trainings_visible_to(who.user)) == [made]
    assert list(selectors.trainings_visible_to(make.medical_affairs())) == [made]
    assert not selectors.trainings_visible_to(other.user).exists()
    text = sitting_of(other.user).get("/doctor/training/").content.decode()
    assert "还没有培训和考核记录" in text


def test_nobody_records_their_own():
    both = staff("zhouruolan", "doctor", "medical_affairs", name="周若兰")
    who = make.doctor("zhouruolan", "周若兰")
    with pytest.raises(NotAllowed):
        record(who, by=both)
    with pytest.raises(NotAllowed):
        record(make.doctor("hanlei", "韩磊"), by=staff("caiwu", "finance"))
    with pytest.raises(Error, match="own training"), transaction.atomic():
        Training.objects.create(clinician=who, by=both, **GIVEN)
    assert record(who).by != both


@pytest.mark.parametrize(
    ("breach", "code", "lawful"),
    [
        ({"kind": "exam"}, "training-unknown", {"kind": "training"}),
        ({"topic": " \u3000"}, "topic-missing", {"topic": "院感"}),
        ({"on": TODAY + timedelta(days=1)}, "training-ahead", {"on": TODAY}),
        ({"score": None}, "score-missing", {"score": None, "kind": "training"}),
        ({"score": 101}, "number-out-of-range", {"score": 100}),
        ({"score": -1}, "number-out-of-range", {"score": 0, "is_passed": False}),
    ],
)
def test_what_cannot_be_is_refused_and_what_just_can_be_is_kept(breach, code, lawful):
    who = make.doctor("zhouruolan", "周若兰")
    with pytest.raises(Refused) as refused:
        record(who, **breach)
    assert refused.value.code == code
    assert not Training.objects.exists()
    assert record(who, **lawful).pk


@pytest.mark.parametrize(
    "breach",
    [
        {"kind": "exam"},
        {"score": 101},
        {"score": None},
        {"on": date(2999, 1, 1)},
    ],
)
def test_the_database_says_the_same(breach):
    who, by = make.doctor("zhouruolan", "周若兰"), make.medical_affairs()
    with pytest.raises(Error), transaction.atomic():
        Training.objects.create(clinician=who, by=by, **{**GIVEN, **breach})


def test_what_is_recorded_stands():
    made = record()
    for change in (
        f"UPDATE doctors_training SET score = 100 WHERE id = {made.pk}",
        f"DELETE FROM doctors_training WHERE id = {made.pk}",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_page_of_medical_affairs_finds_the_person_by_staff_number():
    who = make.doctor("zhouruolan", "周若兰")
    page = "/admin/doctors/training/new/"
    given = {
        "staff": "ｚｈｏｕｒｕｏｌａｎ ",
        "post": "doctor",
        "kind": "assessment",
        "topic": "急救",
        "on": "2024-05-06",
        "score": "55",
    }
    affairs = sitting_of(make.medical_affairs())
    assert affairs.get(page).status_code == 200
    assert affairs.post(page, {**given, "staff": "nobody"}).status_code == 422
    assert affairs.post(page, {**given, "post": "pharmacist"}).status_code == 422
    assert affairs.post(page, {**given, "on": "2024-13-06"}).status_code == 422
    assert affairs.post(page, given).status_code == 302
    made = Training.objects.get()
    assert (made.clinician, made.score, made.is_passed) == (who, 55, False)
    listed = affairs.get("/admin/doctors/training/").content.decode()
    assert "急救" in listed
    assert sitting_of(staff("caiwu", "finance")).get(page).status_code == 403


def test_whoever_decides_about_a_licence_sees_it_beside():
    who = make.doctor("zhouruolan", "周若兰")
    record(who, topic="急救考核", score=55, is_passed=False)
    waiting = services.submit_credential(
        who,
        **make.certificates(who),
        institution="示范大学第三医院",
        scope="内科专业",
        independent_since=date(2010, 7, 1),
        valid_until=date(2036, 6, 30),
        by=who.user,
        at=NOON,
    )
    affairs = sitting_of(make.medical_affairs())
    text = affairs.get(f"/admin/inbox/credential/{waiting.public_id}/").content.decode()
    assert "急救考核" in text
    assert "55 分" in text
    assert "不合格" in text
