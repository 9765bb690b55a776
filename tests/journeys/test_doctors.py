from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from doctors import selectors, services
from doctors.models import Clinician, Credential, Department, Duty, Service
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications.models import Notice
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)


@pytest.fixture
def dr_chen():
    return make.doctor()


def credential_of(who):
    return who.credentials.get(state="approved")


def test_the_departments_are_there_and_loading_them_again_is_no_harm(capsys):
    before = dict(Department.objects.values_list("code", "public_id"))
    call_command("load_reference")
    assert "doctors.reference: 27 departments" in capsys.readouterr().out
    assert dict(Department.objects.values_list("code", "public_id")) == before
    assert Department.objects.get(name="心血管内科").pinyin == "xin xue guan nei ke"


def test_a_module_that_is_missing_is_an_error(settings):
    settings.REFERENCE = ["doctors.nothing"]
    with pytest.raises(ModuleNotFoundError):
        call_command("load_reference")


def test_patients_do_not_see_the_pharmacy_among_the_departments():
    names = [d.name for d in selectors.departments()]
    assert names[:2] == ["内科", "心血管内科"]
    assert "药学部" not in names


def test_a_doctor_may_practise_once_another_person_has_approved(trail):
    who = make.clinician(
        "zhouruolan", "周若兰", kind="doctor", department="心血管内科", title="associate_chief"
    )
    assert selectors.credential_for_share(who, TODAY) is None
    make.licensed(who)
    held = selectors.credential_for_share(who, TODAY)
    assert held.qualification_no == make.certificates(who)["qualification_no"]
    assert list(selectors.practising(TODAY)) == [who]
    assert {"credential.submit", "credential.approve"} < set(trail())
    assert Notice.objects.get(to=who.user, kind="credential.approve").title == "资质已通过"


def test_neither_number_stands_readable_in_the_database(dr_chen):
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM doctors_credential c")
        (row,) = cursor.fetchone()
    assert make.PRACTICE not in row
    assert make.QUALIFICATION not in row


def test_who_hands_in_a_licence_never_approves_it():
    who = make.clinician("xunan", "许南", kind="doctor", department="皮肤科", title="attending")
    one, other = make.medical_affairs("yiwu1"), make.medical_affairs("yiwu2")
    credential = services.submit_credential(
        who,
        **make.certificates(who),
        institution="示范大学第三医院",
        scope="皮肤科专业",
        independent_since=date(2012, 7, 1),
        valid_until=date(2035, 1, 1),
        by=one,
        at=NOON,
    )
    for nobody in (one, who.user, make.staff("waiter", "finance")):
        with pytest.raises(NotAllowed):
            services.approve(credential, by=nobody, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(
            state="approved", decided_by=one, decided_at=NOON
        )
    assert services.approve(credential, by=other, at=NOON).state == "approved"


def test_a_licence_of_somebody_else_or_with_odd_dates_is_refused():
    who = make.clinician("xunan", "许南", kind="doctor", department="皮肤科", title="attending")
    for wrong in (
        {"qualification_no": make.QUALIFICATION[:-1]},
        {"id_number": "11010519491231002X"},
        {"practice_no": "12345"},
        {"valid_until": TODAY - timedelta(days=1)},
        {"independent_since": TODAY + timedelta(days=1)},
    ):
        with pytest.raises(Refused):
            make.licensed(who, **wrong)
    assert not who.credentials.exists()


def test_one_licence_waits_at_a_time(dr_chen):
    def hand_in():
        return services.submit_credential(
            dr_chen,
            **make.certificates(dr_chen),
            institution="示范大学第三医院",
            scope="内科专业",
            independent_since=date(2010, 7, 1),
            valid_until=date(2040, 1, 1),
            by=dr_chen.user,
            at=NOON,
        )

    hand_in()
    with pytest.raises(WrongState):
        hand_in()


def test_a_suspended_doctor_is_neither_shown_nor_held_to_be_licensed(dr_chen, trail):
    services.suspend(credential_of(dr_chen), by=make.medical_affairs(), at=NOON, why="投诉核查")
    assert not selectors.practising(TODAY).exists()
    assert not selectors.receiving("followup", on=TODAY).exists()
    assert selectors.credential_for_share(dr_chen, TODAY) is None
    (event,) = trail("credential.suspend")
    assert event.facts["clinician"] == dr_chen.public_id.hex
    assert "投诉核查" in Notice.objects.get(to=dr_chen.user, kind="credential.suspend").said_body


def test_a_suspension_says_why_and_is_medical_affairs_alone(dr_chen):
    with pytest.raises(Refused):
        services.suspend(credential_of(dr_chen), by=make.medical_affairs(), at=NOON, why="  ")
    with pytest.raises(NotAllowed):
        services.suspend(credential_of(dr_chen), by=dr_chen.user, at=NOON, why="自己")


@pytest.mark.parametrize(("days", "there"), [(0, True), (1, False)])
def test_a_licence_is_in_force_through_its_last_day(days, there):
    who = make.doctor(valid_until=TODAY + timedelta(days=30))
    last = TODAY + timedelta(days=30)
    on = last + timedelta(days=days)
    assert (selectors.credential_for_share(who, on) is not None) is there
    assert selectors.receiving("advice", on=on).exists() is there


def test_receiving_doctors_come_with_price_and_quota(dr_chen):
    make.doctor("zhouruolan", "周若兰", title="associate_chief", price_fen=6000)
    rows = {d.name: (d.price_fen, d.daily_quota) for d in selectors.receiving("followup", on=TODAY)}
    assert rows == {"陈思远": (8000, 30), "周若兰": (6000, 30)}


def test_the_switch_and_each_service_can_be_turned_off(dr_chen, trail):
    code = make.price("advice", 0)
    services.set_service(dr_chen, "advice", price_code=code, is_on=False, by=dr_chen.user, at=NOON)
    assert not selectors.receiving("advice", on=TODAY).exists()
    assert selectors.receiving("followup", on=TODAY).exists()
    services.set_receiving(dr_chen, is_receiving=False, by=dr_chen.user, at=NOON)
    services.set_receiving(dr_chen, is_receiving=False, by=dr_chen.user, at=NOON)
    assert not selectors.receiving("followup", on=TODAY).exists()
    assert [e.facts["is_receiving"] for e in trail("service.set") if "is_receiving" in e.facts] == [
        False
    ]


@pytest.mark.parametrize("daily_quota", [0, 201])
def test_the_quota_has_bounds(dr_chen, daily_quota):
    with pytest.raises(Refused):
        services.set_service(
            dr_chen,
            "followup",
            price_code=make.price("followup", 8000),
            daily_quota=daily_quota,
            is_on=True,
            by=dr_chen.user,
            at=NOON,
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Service.objects.filter(kind="followup").update(daily_quota=daily_quota)


def test_nobody_sets_up_the_work_of_another(dr_chen):
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    with pytest.raises(NotAllowed):
        services.set_receiving(dr_chen, is_receiving=False, by=other.user, at=NOON)
    with pytest.raises(NotAllowed):
        services.set_service(dr_chen, "prescribing", is_on=False, by=other.user, at=NOON)


def test_a_title_belongs_to_its_kind():
    with pytest.raises(Refused):
        make.clinician("luomin", "罗敏", kind="pharmacist", department="药学部", title="chief")
    with pytest.raises(Refused):
        make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="pharmacist")
    assert not Clinician.objects.exists()


def test_a_pharmacist_is_on_duty_when_rostered_and_licensed():
    luomin = make.pharmacist()
    evening = NOON + timedelta(hours=6)
    assert selectors.pharmacist_on_duty(NOON)
    assert selectors.pharmacist_on_duty(evening - timedelta(seconds=1))
    assert not selectors.pharmacist_on_duty(evening)
    services.suspend(credential_of(luomin), by=make.medical_affairs(), at=NOON, why="证书到期核查")
    assert not selectors.pharmacist_on_duty(NOON)


def test_a_doctor_on_duty_is_no_pharmacist(dr_chen):
    hour = timedelta(hours=1)
    services.roster(
        dr_chen, starts_at=NOON - hour, ends_at=NOON + hour, by=make.medical_affairs(), at=NOON
    )
    assert not selectors.pharmacist_on_duty(NOON)


def test_nobody_is_on_duty_twice_at_once():
    luomin = make.pharmacist()
    start = NOON + timedelta(hours=5)
    with pytest.raises(WrongState):
        services.roster(
            luomin,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            by=make.medical_affairs(),
            at=NOON,
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(clinician=luomin, starts_at=start, ends_at=start + timedelta(hours=2))
    after = NOON + timedelta(hours=6)
    services.roster(
        luomin,
        starts_at=after,
        ends_at=after + timedelta(hours=2),
        by=make.staff("yaojike", "pharmacy"),
        at=NOON,
    )
    with pytest.raises(NotAllowed):
        services.roster(
            luomin,
            starts_at=datetime(2026, 4, 1, tzinfo=UTC),
            ends_at=datetime(2026, 4, 2, tzinfo=UTC),
            by=make.staff("menban", "outpatient_office"),
            at=NOON,
        )


def test_of_credentials_one_sees_ones_own_and_medical_affairs_all(dr_chen):
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    assert [c.clinician for c in selectors.credentials_visible_to(dr_chen.user)] == [dr_chen]
    assert {c.clinician for c in selectors.credentials_visible_to(make.medical_affairs())} == {
        dr_chen,
        other,
    }
