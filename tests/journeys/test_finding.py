"""Whom patients find, in which order, and what they read about them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from doctors import selectors as doctors_of
from doctors import services as doctors
from doctors.models import Department
from hospital.consultations import selectors, services
from hospital.consultations.models import Standing
from hospital.consultations.selectors import Wish
from hospital.kernel.calendar import local_date
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)


@pytest.fixture
def dr_chen():
    return make.doctor()


def found(*, user=None, **wish):
    only = frozenset(wish.pop("only", ()))
    rows = selectors.doctors(NOON, Wish(only=only, **wish), user=user)
    return [row.name for row in rows]


# --- departments ---------------------------------------------------------------------------------


def test_a_department_stands_with_the_larger_one_it_is_a_part_of(dr_chen):
    make.doctor("xunan", "许南", department="皮肤科")
    make.doctor("surenyi", "苏任意", department="生殖医学中心")
    tree = doctors_of.staffed(TODAY)
    assert [(b.department.name, [d.name for d in b.children]) for b in tree] == [
        ("内科", ["心血管内科"]),
        ("皮肤科", []),
        ("妇产科", ["生殖医学中心"]),
    ]
    assert found(department="INTE") == ["陈思远"] == found(department="CARD")
    assert found(department="SURG") == []


@pytest.mark.parametrize(
    ("code", "parent"), [("INTE", "SURG"), ("DERM", "CARD"), ("DERM", "DERM"), ("INTE", "CARD")]
)
def test_there_are_two_levels_of_departments_and_no_third(code, parent):
    row, above = Department.objects.get(code=code), Department.objects.get(code=parent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Department.objects.filter(pk=row.pk).update(parent=above)


def test_a_department_may_move_under_another_one_of_the_first_level():
    surgery = Department.objects.get(code="SURG")
    Department.objects.filter(code="DERM").update(parent=surgery)
    assert Department.objects.get(code="DERM").parent == surgery


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["陈", "思远", "csy", "chensiyuan", "chensy", "CSY", "ｃｓｙ", "xnk", "心内科", "心内",
     "xinxueguan", "cardio", "头晕", "ty", "touyun", "心衰"],
)  # fmt: skip
def test_a_doctor_is_found_by_name_pinyin_department_symptom_and_what_they_are_good_at(
    dr_chen, words
):
    dr_chen.good_at = "心衰、冠心病"
    dr_chen.save(update_fields=["good_at"])
    assert found(words=words) == ["陈思远"]


@pytest.mark.parametrize("words", ["王", "hen", "cy", "皮疹", "%", "_", "(", "\\", "c.*", "ardio"])
def test_what_fits_nobody_finds_nobody(dr_chen, words):
    assert found(words=words) == []


def test_who_is_called_so_comes_before_who_only_works_in_such_a_department(dr_chen):
    make.doctor("tangyu", "唐宇", department="皮肤科")  # `ty`, as 头晕
    assert found(words="ty") == ["唐宇", "陈思远"]


# --- order and filters ---------------------------------------------------------------------------


def test_whom_one_has_seen_comes_first_also_by_a_relative(dr_chen):
    xu = make.doctor("xunan", "许南", department="皮肤科")
    user, patient = consulting.wang()
    consulting.in_state("open", user, patient, xu)
    assert found(user=user) == ["许南", "陈思远"]
    assert found(user=user, only=["seen"]) == ["许南"]
    stranger = consulting.account("13800006655", "旁人")
    assert found(user=stranger) == ["陈思远", "许南"] == found()
    assert found(user=stranger, only=["seen"]) == []


def test_an_order_that_nobody_accepted_makes_nobody_seen(dr_chen):
    user, patient = consulting.wang()
    consulting.in_state("waiting", user, patient, dr_chen)
    assert found(user=user, only=["seen"]) == []


def test_filters_hold_together(dr_chen):
    zhou = make.doctor("zhouruolan", "周若兰", title="associate_chief", price_fen=5000)
    doctors.set_receiving(dr_chen, is_receiving=False, by=dr_chen.user, at=NOON)
    assert found(only=["chief"]) == ["陈思远"]
    assert found(only=["receiving"]) == ["周若兰"]
    assert found(only=["chief", "receiving"]) == []
    assert found(most_fen=5000) == ["周若兰"]
    assert found(most_fen=4999) == []
    assert found(most_fen=8000) == ["陈思远", "周若兰"]
    assert zhou.name in found(only=["places"])


def test_whoever_is_full_today_has_no_places_and_tomorrow_has_them_again():
    doctor = make.doctor(daily_quota=1)
    code = doctor.services.get(kind="advice").price_code
    doctors.set_service(doctor, "advice", is_on=False, price_code=code, by=doctor.user, at=NOON)
    user, patient = consulting.wang()
    assert found(only=["places"]) == ["陈思远"]
    consulting.in_state("waiting", user, patient, doctor)
    assert found(only=["places"]) == []
    tomorrow = selectors.doctors(NOON + timedelta(days=1), Wish(only=frozenset({"places"})))
    assert tomorrow.exists()


def test_pages_hold_everybody_once_whoever_was_seen_before(monkeypatch):
    monkeypatch.setattr("hospital.consultations.selectors.finding.PAGE", 2)
    for number, department in enumerate(["皮肤科", "心血管内科", "骨科", "儿科", "心血管内科"]):
        make.doctor(f"d{number}", f"医生{'甲乙丙丁戊'[number]}", department=department)
    user, patient = consulting.wang()
    seen = doctors_of.practising(TODAY).get(name="医生丙")
    consulting.in_state("open", user, patient, seen)
    names, after = [], None
    while True:
        rows, after = selectors.doctors_after(selectors.doctors(NOON, user=user, after=after))
        names += [row.name for row in rows]
        if after is None:
            break
    assert names == ["医生丙", "医生乙", "医生戊", "医生甲", "医生丁"]


# --- what is read about them ---------------------------------------------------------------------


def test_the_figures_are_counted_from_what_really_happened(dr_chen):
    user, patient = consulting.wang()
    talk = consulting.in_state("open", user, patient, dr_chen)
    paid = talk.paid_at
    consulting.said(talk, user, "您好", at=paid + timedelta(minutes=3))
    consulting.said(talk, dr_chen.user, "请讲", at=paid + timedelta(minutes=20))
    consulting.said(talk, dr_chen.user, "在吗", at=paid + timedelta(minutes=40))
    services.recount_all(at=NOON + timedelta(hours=1))
    counted = Standing.objects.get(doctor=dr_chen)
    assert (counted.visits, counted.replies, counted.reply_minutes) == (1, 1, 20)
    assert (counted.ratings, counted.stars) == (0, None)


def test_counting_twice_or_late_changes_nothing(dr_chen):
    user, patient = consulting.wang()
    consulting.in_state("open", user, patient, dr_chen)
    services.recount_all(at=NOON + timedelta(hours=1))
    services.recount_all(at=NOON + timedelta(hours=1))
    Standing.objects.update(visits=7)
    assert services.recount_all(at=NOON) == 0  # older than what stands
    assert Standing.objects.get().visits == 7
    services.recount_all(at=NOON + timedelta(hours=2))
    assert Standing.objects.get().visits == 1


def test_replies_of_long_ago_are_no_longer_counted(dr_chen):
    user, patient = consulting.wang()
    talk = consulting.in_state("open", user, patient, dr_chen)
    consulting.said(talk, dr_chen.user, "请讲", at=talk.paid_at + timedelta(minutes=20))
    services.recount_all(at=NOON + timedelta(days=91))
    counted = Standing.objects.get()
    assert (counted.visits, counted.replies, counted.reply_minutes) == (1, 0, None)


def test_the_database_keeps_the_figures_possible(dr_chen):
    impossible = [{"visits": 1, "stars_5": 2}, {"replies": 1}, {"reply_minutes": 3}]
    for figures in impossible:
        with pytest.raises(IntegrityError), transaction.atomic():
            Standing.objects.create(doctor=dr_chen, counted_at=NOON, **figures)


# --- the staff -----------------------------------------------------------------------------------


def staff(**wish):
    return [row.name for row in doctors_of.staff(TODAY, **wish)]


def test_anyone_finds_doctors_and_pharmacists_whose_licence_is_in_force(dr_chen):
    make.pharmacist()
    make.clinician("xunan", "许南", kind="doctor", department="皮肤科", title="attending")
    assert staff() == ["陈思远", "罗敏"]
    assert staff(kind="pharmacist") == ["罗敏"] == staff(words="lm") == staff(department="PHAR")
    assert staff(words="许南") == []
    doctors.suspend(dr_chen.credentials.get(), by=make.medical_affairs(), at=NOON, why="核查")
    assert staff() == ["罗敏"]
    assert not doctors_of.staff(date(2036, 1, 1)).exists()


def test_the_list_of_staff_pages_by_key(dr_chen, monkeypatch):
    monkeypatch.setattr("doctors.selectors.finding.PAGE", 1)
    make.pharmacist()
    first, after = doctors_of.staff_after(doctors_of.staff(TODAY), None)
    rest, end = doctors_of.staff_after(doctors_of.staff(TODAY), after)
    assert ([row.name for row in first + rest], end) == (["陈思远", "罗敏"], None)
