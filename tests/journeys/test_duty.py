"""The roster: written, shortened, cancelled, copied; who is on duty by it."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from doctors import selectors, services
from doctors.models import Department, Duty
from doctors.permissions import may_roster_kind
from hospital.accounts import services as accounts
from hospital.kernel.calendar import BEIJING
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.policy import services as policy
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
TUESDAY = date(2026, 3, 10)  # the day of NOON
NEXT = date(2026, 3, 17)


@pytest.fixture
def luo():
    return make.pharmacist(on_duty=False)


@pytest.fixture
def affairs():
    return make.medical_affairs()


def on(day, hour):
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING)


def rostered(who, day, start=13, end=17):
    return services.roster(
        who, starts_at=on(day, start), ends_at=on(day, end), by=make.medical_affairs(), at=NOON
    )


def test_a_future_duty_may_be_cancelled_and_the_trail_keeps_it(luo, affairs, trail):
    duty = rostered(luo, TUESDAY)
    services.cancel_duty(duty, by=affairs, at=NOON)
    assert not Duty.objects.exists()
    (event,) = trail("duty.cancel")
    assert event.facts["clinician"] == luo.public_id.hex
    with pytest.raises(WrongState) as refused:
        services.cancel_duty(duty, by=affairs, at=NOON)
    assert refused.value.code == "duty-gone"


def test_what_has_been_worked_stands_and_the_rest_may_be_let_go(luo, affairs, trail):
    duty = rostered(luo, TUESDAY, 8, 17)
    with pytest.raises(WrongState) as refused:
        services.cancel_duty(duty, by=affairs, at=NOON)
    assert refused.value.code == "duty-begun"
    for wrong in (NOON - HOUR, on(TUESDAY, 17), on(TUESDAY, 18)):
        with pytest.raises(Refused) as refused:
            services.shorten(duty, ends_at=wrong, by=affairs, at=NOON)
        assert refused.value.code == "duty-times"
    assert services.shorten(duty, ends_at=NOON, by=affairs, at=NOON).ends_at == NOON
    assert not selectors.pharmacist_on_duty(NOON)
    (event,) = trail("duty.shorten")
    assert datetime.fromisoformat(event.facts["until"]) == on(TUESDAY, 17)
    with pytest.raises(WrongState) as refused:
        services.shorten(duty, ends_at=NOON + HOUR, by=affairs, at=NOON + HOUR)
    assert refused.value.code == "duty-over"


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (NOON - 2 * HOUR, NOON, "duty-past"),
        (NOON + HOUR, NOON + HOUR, "duty-times"),
        (NOON + HOUR, NOON + timedelta(days=400), "duty-times"),
    ],
)
def test_a_duty_lies_ahead_and_has_a_sane_length(luo, affairs, starts, ends, code):
    with pytest.raises(Refused) as refused:
        services.roster(luo, starts_at=starts, ends_at=ends, by=affairs, at=NOON)
    assert refused.value.code == code


def test_a_person_of_two_professions_is_in_one_place(luo, affairs):
    luo.user.roles = ["pharmacist", "doctor"]
    as_doctor = services.add_clinician(
        luo.user,
        kind="doctor",
        department=Department.objects.get(name="皮肤科"),
        title="attending",
        by=None,
        at=NOON,
    )
    rostered(luo, TUESDAY)
    with pytest.raises(WrongState) as refused:
        rostered(as_doctor, TUESDAY, 16, 18)
    assert refused.value.code == "duty-overlap"
    with pytest.raises(IntegrityError, match="twice at once"), transaction.atomic():
        Duty.objects.create(clinician=as_doctor, starts_at=on(TUESDAY, 16), ends_at=on(TUESDAY, 18))
    assert rostered(as_doctor, TUESDAY, 17, 18)  # the nearest that is lawful


def test_a_week_is_copied_once_and_only_where_nobody_is_in_the_way(luo, affairs, trail):
    other = make.pharmacist("hejing", "何静", on_duty=False)
    rostered(luo, TUESDAY)
    rostered(luo, TUESDAY + timedelta(days=5), 20, 23)
    rostered(other, TUESDAY + timedelta(days=1))
    rostered(other, NEXT + timedelta(days=1), 12, 14)  # in the way of the copy
    copy = {"source": TUESDAY, "target": NEXT, "by": affairs, "at": NOON}
    assert services.copy_week("pharmacist", **copy) == services.weeks.Copied(2, 1)
    assert services.copy_week("pharmacist", **copy) == services.weeks.Copied(0, 3)
    written = Duty.objects.filter(clinician=luo).order_by("starts_at")
    assert [each.starts_at for each in written][2:] == [
        on(NEXT, 13),
        on(NEXT + timedelta(days=5), 20),
    ]
    assert [len(event.facts["duties"]) for event in trail("duty.copy")] == [2, 0]


def test_a_week_is_copied_forward_by_the_office_it_belongs_to(luo, affairs):
    rostered(luo, TUESDAY)
    for target in (TUESDAY, TUESDAY - timedelta(days=7)):
        with pytest.raises(Refused) as refused:
            services.copy_week("pharmacist", source=TUESDAY, target=target, by=affairs, at=NOON)
        assert refused.value.code == "duty-week"
    office = make.staff("menban", "outpatient_office")
    with pytest.raises(NotAllowed):
        services.copy_week("pharmacist", source=TUESDAY, target=NEXT, by=office, at=NOON)
    pharmacy = make.staff("yaojike", "pharmacy")
    assert services.copy_week(
        "pharmacist", source=TUESDAY, target=NEXT, by=pharmacy, at=NOON
    ).written
    assert [may_roster_kind(office, kind) for kind in ("doctor", "pharmacist")] == [True, False]


def test_copying_asks_the_database_as_often_for_many_as_for_one(luo, affairs):
    def counted(weeks):
        with CaptureQueriesContext(connection) as seen:
            services.copy_week(
                "pharmacist",
                source=TUESDAY,
                target=TUESDAY + timedelta(weeks=weeks),
                by=affairs,
                at=NOON,
            )
        return len(seen)

    rostered(luo, TUESDAY)
    few = counted(1)
    for day in range(1, 5):
        rostered(luo, TUESDAY + timedelta(days=day))
    assert counted(2) == few


def test_a_week_begins_on_monday_in_beijing(luo):
    sunday = date(2026, 3, 15)
    rostered(luo, sunday, 22, 23)
    services.roster(
        luo,
        starts_at=on(sunday, 23),
        ends_at=on(sunday, 23) + 9 * HOUR,
        by=make.medical_affairs(),
        at=NOON,
    )
    assert selectors.week_of(sunday) == (date(2026, 3, 9), date(2026, 3, 16))
    assert selectors.duties_in_week("pharmacist", sunday).count() == 2
    assert selectors.duties_in_week("pharmacist", date(2026, 3, 16)).count() == 1  # over midnight


def test_a_pharmacist_on_duty_is_one_who_still_has_the_role():
    who, other = make.pharmacist(), make.pharmacist("hejing", "何静")
    assert selectors.on_duty("pharmacist", NOON).count() == 2
    security = make.staff("wei", "security_admin")
    accounts.revoke(who.user, "pharmacist", by=security, at=NOON, why="停职")
    assert selectors.on_duty("pharmacist", NOON).get() == other


def test_a_pharmacist_on_duty_is_one_who_may_review():
    """医疗机构处方审核规范 第五条: who reviews has the right and the years for it."""
    who = make.pharmacist()
    assert selectors.pharmacist_on_duty(NOON)
    make.without(who, "review")
    assert not selectors.pharmacist_on_duty(NOON)
    assert not selectors.on_duty("pharmacist", NOON).exists()


def test_without_a_pharmacist_the_policy_decides_whether_one_may_order():
    user, patient = consulting.wang()
    doctor = make.doctor()
    assert consulting.ordered(user, patient, doctor).state == "unpaid"  # warn, as published first
    other = make.doctor("zhouruolan", "周若兰")
    policy.publish({"no_pharmacist": "close"}, by=make.medical_affairs(), at=NOON, note="夜间")
    with pytest.raises(Refused) as refused:
        consulting.ordered(user, patient, other)
    assert refused.value.facts["rules"] == ["VISIT-PHARMACIST"]
    assert consulting.ordered(user, patient, other, kind="advice", diagnoses=[]).state == "unpaid"
    make.pharmacist()
    third = make.doctor("xunan", "许南")
    assert consulting.ordered(user, patient, third).state == "unpaid"
