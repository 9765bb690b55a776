"""What the hospital lets somebody do: asked by one, granted by another, from when to when."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from doctors import selectors, services
from doctors.models import Clinician, Privilege
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, WrongState
from hospital.notifications.models import Notice
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)
NEXT_YEAR = TODAY + timedelta(days=365)


@pytest.fixture
def dr_chen():
    return make.doctor()


def ask(who, kind="emergency", *, by=None, starts_on=TODAY, ends_on=NEXT_YEAR, **more):
    return services.ask_privilege(
        who, kind, starts_on=starts_on, ends_on=ends_on, by=by or who.user, at=NOON, **more
    )


def test_a_privilege_is_asked_for_by_one_and_granted_by_another(dr_chen, trail):
    asked = ask(dr_chen, ground="急诊轮训六个月，考核合格")
    assert selectors.privilege_for_share(dr_chen, "emergency", TODAY) is None
    granted = services.grant_privilege(asked, by=make.medical_affairs(), at=NOON)
    assert selectors.privilege_for_share(dr_chen, "emergency", TODAY) == granted
    assert "emergency" in [p.kind for p in selectors.privileges_of(dr_chen, TODAY)]
    assert Clinician.objects.filter(selectors.holding("emergency", TODAY)).get() == dr_chen
    event = trail("privilege.grant")[-1]
    assert event.facts["clinician"] == dr_chen.public_id.hex
    assert event.facts["kind_of_privilege"] == "emergency"
    notice = Notice.objects.filter(to=dr_chen.user, kind="privilege.grant").latest("pk")
    assert "急症指导" in notice.said_body


def test_neither_who_asks_nor_whose_it_is_ever_grants_it(dr_chen):
    one = make.medical_affairs("yiwu1")
    for_another = ask(dr_chen, by=one)
    for nobody in (one, dr_chen.user, make.staff("waiter", "finance")):
        with pytest.raises(NotAllowed):
            services.grant_privilege(for_another, by=nobody, at=NOON)
        with pytest.raises(NotAllowed):
            services.refuse_privilege(for_another, by=nobody, at=NOON, why="不行")
    for nobody, refusal in ((one, IntegrityError), (dr_chen.user, DatabaseError)):
        with pytest.raises(refusal), transaction.atomic():
            Privilege.objects.filter(pk=for_another.pk).update(
                state="granted", decided_by=nobody, decided_at=NOON
            )
    assert services.grant_privilege(for_another, by=make.medical_affairs("yiwu2"), at=NOON)


def test_a_manager_who_is_a_doctor_too_never_decides_about_themselves():
    boss = make.staff("zhuren", "doctor", "medical_affairs", name="主任甲")
    who = make.clinician("zhuren", "主任甲", kind="doctor", department="心血管内科", title="chief")
    make.licensed(who)
    asked = ask(who, by=make.medical_affairs("yiwu1"))
    with pytest.raises(NotAllowed):
        services.grant_privilege(asked, by=boss, at=NOON)


def test_nobody_but_the_holder_and_medical_affairs_asks(dr_chen):
    other = make.doctor("zhouruolan", "周若兰")
    with pytest.raises(NotAllowed):
        ask(dr_chen, by=other.user)


@pytest.mark.parametrize(
    ("kind", "more", "code"),
    [
        ("review", {}, "privilege-unknown"),
        ("surgery", {}, "privilege-unknown"),
        ("antimicrobial", {}, "privilege-tier"),
        ("antimicrobial", {"tier": "none"}, "privilege-tier"),
        ("antimicrobial", {"tier": "every"}, "privilege-tier"),
        ("emergency", {"tier": "special"}, "privilege-tier"),
        ("emergency", {"ends_on": TODAY - timedelta(days=1)}, "dates"),
        ("emergency", {"starts_on": TODAY - timedelta(days=1)}, "dates"),
        ("emergency", {"starts_on": NEXT_YEAR, "ends_on": TODAY}, "dates"),
        ("emergency", {"ground": "长" * 201}, "text-too-long"),
    ],
)
def test_what_cannot_be_asked_for(dr_chen, kind, more, code):
    with pytest.raises(Refused) as refusal:
        ask(dr_chen, kind, **more)
    assert refusal.value.code == code


def test_the_database_keeps_professions_tiers_and_days_apart(dr_chen):
    known = {"clinician": dr_chen, "asked_by": dr_chen.user, "asked_at": NOON}
    days = {"starts_on": TODAY, "ends_on": NEXT_YEAR}
    for wrong in (
        {"kind": "review", **days},
        {"kind": "antimicrobial", "tier": "", **days},
        {"kind": "emergency", "tier": "special", **days},
        {"kind": "emergency", "starts_on": NEXT_YEAR, "ends_on": TODAY},
        {"kind": "surgery", **days},
        {"kind": "emergency", "state": "granted", **days},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Privilege.objects.create(**known, **wrong)
    Privilege.objects.create(**known, **days, kind="emergency")


def test_one_of_a_kind_waits_at_a_time_and_can_be_taken_back(dr_chen, trail):
    asked = ask(dr_chen)
    with pytest.raises(WrongState) as refusal:
        ask(dr_chen)
    assert refusal.value.code == "already-asked"
    with pytest.raises(NotAllowed):
        services.withdraw_privilege(asked, by=make.medical_affairs(), at=NOON)
    assert services.withdraw_privilege(asked, by=dr_chen.user, at=NOON).state == "withdrawn"
    assert trail("privilege.withdraw")
    assert ask(dr_chen).state == "asked"


def test_what_was_asked_for_cannot_be_changed_before_it_is_granted(dr_chen):
    asked = ask(dr_chen, "antimicrobial", tier="unrestricted")
    with pytest.raises(DatabaseError), transaction.atomic():
        Privilege.objects.filter(pk=asked.pk).update(tier="special")
    with pytest.raises(DatabaseError), transaction.atomic():
        Privilege.objects.filter(pk=asked.pk).delete()


def test_a_renewal_takes_the_place_of_the_earlier_one(dr_chen):
    earlier = dr_chen.privileges.get(kind="antimicrobial")
    later = make.privilege(dr_chen, "antimicrobial", tier="special")
    earlier.refresh_from_db()
    assert (earlier.state, later.state) == ("ended", "granted")
    assert selectors.privilege_for_share(dr_chen, "antimicrobial", TODAY).tier == "special"


def test_a_renewal_goes_round_no_suspension(dr_chen):
    held = dr_chen.privileges.get(kind="prescribe")
    services.suspend_privilege(held, by=make.medical_affairs(), at=NOON, why="处方点评")
    with pytest.raises(WrongState) as refusal:
        make.privilege(dr_chen, "prescribe")
    assert refusal.value.code == "privilege-suspended"


def test_a_renewal_leaves_no_gap(dr_chen):
    with pytest.raises(WrongState) as refusal:
        make.privilege(dr_chen, "prescribe", since=TODAY + timedelta(days=1))
    assert refusal.value.code == "privilege-gap"
    assert selectors.privilege_for_share(dr_chen, "prescribe", TODAY) is not None


def test_a_suspension_is_felt_at_once_and_can_be_lifted_by_another(dr_chen):
    held, affairs = dr_chen.privileges.get(kind="prescribe"), make.medical_affairs()
    with pytest.raises(Refused):
        services.suspend_privilege(held, by=affairs, at=NOON, why=" ")
    with pytest.raises(NotAllowed):
        services.suspend_privilege(held, by=dr_chen.user, at=NOON, why="自己")
    services.suspend_privilege(held, by=affairs, at=NOON, why="处方点评")
    assert selectors.privilege_for_share(dr_chen, "prescribe", TODAY) is None
    assert not Clinician.objects.filter(selectors.holding("prescribe", TODAY)).exists()
    services.restore_privilege(held, by=affairs, at=NOON, why="点评完毕")
    assert selectors.privilege_for_share(dr_chen, "prescribe", TODAY) == held


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (30, True), (31, False)])
def test_it_holds_from_its_first_day_through_its_last(dr_chen, days, holds):
    first = TODAY + timedelta(days=10)
    make.privilege(dr_chen, "emergency", since=first, until=first + timedelta(days=30))
    on = first + timedelta(days=days)
    assert (selectors.privilege_for_share(dr_chen, "emergency", on) is not None) is holds
    assert Clinician.objects.filter(selectors.holding("emergency", on)).exists() is holds


def test_past_its_last_day_it_is_neither_granted_nor_restored_and_then_ends_by_itself(
    dr_chen, trail
):
    affairs = make.medical_affairs()
    asked = ask(dr_chen, ends_on=TODAY)
    later = NOON + timedelta(days=1)
    with pytest.raises(WrongState) as refusal:
        services.grant_privilege(asked, by=affairs, at=later)
    assert refusal.value.code == "privilege-lapsed"
    services.withdraw_privilege(asked, by=dr_chen.user, at=later)
    held = make.privilege(dr_chen, "emergency", until=TODAY)
    services.suspend_privilege(held, by=affairs, at=NOON, why="核查")
    with pytest.raises(WrongState) as refusal:
        services.restore_privilege(held, by=affairs, at=later, why="核查完毕")
    assert refusal.value.code == "privilege-lapsed"
    assert services.end_past_privileges(at=NOON) == 0
    assert services.end_past_privileges(at=later) == 1
    assert services.end_past_privileges(at=later) == 0
    held.refresh_from_db()
    assert (held.state, held.decided_by) == ("ended", affairs)
    assert trail("privilege.end")[-1].actor is None


def test_no_privilege_without_a_licence():
    who = make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="attending")
    with pytest.raises(RuleBroken) as refusal:
        make.privilege(who, "prescribe")
    assert refusal.value.facts["rules"] == ["PRIVILEGE-LICENCE"]


def test_the_tier_of_antimicrobials_follows_the_title():
    who = make.doctor("wutong", "吴桐", title="attending")
    with pytest.raises(RuleBroken) as refusal:
        make.privilege(who, "antimicrobial", tier="special")
    assert refusal.value.facts["rules"] == ["PRIVILEGE-ANTIMICROBIAL-TITLE"]
    services.withdraw_privilege(who.privileges.get(state="asked"), by=who.user, at=NOON)
    assert make.privilege(who, "antimicrobial", tier="unrestricted").state == "granted"


@pytest.mark.parametrize(("since", "may"), [(date(2023, 3, 11), False), (date(2023, 3, 10), True)])
def test_a_pharmacist_reviews_after_three_years_of_dispensing(since, may):
    who = make.clinician(
        "dingyi", "丁怡", kind="pharmacist", department="药学部", title="pharmacist"
    )
    if may:
        make.licensed(who, independent_since=since)
        assert selectors.privilege_for_share(who, "review", TODAY) is not None
    else:
        with pytest.raises(RuleBroken) as refusal:
            make.licensed(who, independent_since=since)
        assert refusal.value.facts["rules"] == ["PRIVILEGE-REVIEW-YEARS"]


def test_of_privileges_one_sees_ones_own_and_medical_affairs_all(dr_chen):
    make.doctor("zhouruolan", "周若兰")
    assert {p.clinician for p in selectors.privileges_visible_to(dr_chen.user)} == {dr_chen}
    seen = selectors.privileges_visible_to(make.medical_affairs())
    assert {p.clinician.name for p in seen} == {"陈思远", "周若兰"}


# --- another title --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("tier", "title", "state"),
    [
        ("special", "attending", "ended"),
        ("special", "associate_chief", "granted"),
        ("restricted", "resident", "ended"),
        ("restricted", "attending", "granted"),
        ("unrestricted", "resident", "granted"),
    ],
)
@pytest.mark.parametrize("is_platform", [False, True])
def test_a_tier_above_the_new_title_ends_with_the_old_one(
    dr_chen, trail, tier, title, state, is_platform
):
    make.privilege(dr_chen, "antimicrobial", tier=tier)
    by = None if is_platform else make.medical_affairs("yiwu2")
    services.move_clinician(dr_chen, department=dr_chen.department, title=title, by=by, at=NOON)
    held = dr_chen.privileges.filter(kind="antimicrobial").latest("pk")
    assert held.state == state
    assert dr_chen.privileges.get(kind="prescribe").state == "granted"
    if state == "ended":
        assert "高于本人职称" in held.why
        assert trail("privilege.end")[-1].actor == (by and by.public_id)
        told = Notice.objects.filter(to=dr_chen.user, kind="privilege.end").latest("pk")
        assert "高于本人职称" in told.said_body


def test_a_suspended_tier_above_the_new_title_does_not_come_back(dr_chen):
    affairs = make.medical_affairs()
    held = make.privilege(dr_chen, "antimicrobial", tier="special")
    services.suspend_privilege(held, by=affairs, at=NOON, why="处方点评")
    services.move_clinician(
        dr_chen, department=dr_chen.department, title="attending", by=affairs, at=NOON
    )
    with pytest.raises(WrongState):
        services.restore_privilege(held, by=affairs, at=NOON, why="点评完毕")
