"""What a doctor offers, at which price, and when; and what a patient meets of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from doctors import selectors, services
from doctors.models import Hours, Leave, Price, Service
from hospital.consultations import selectors as finding
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import NotAllowed, Refused, RuleBroken, WrongState
from tests import consulting, make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = local_date(NOON)  # a Tuesday, 12:00 in Beijing
DAY = timedelta(days=1)


def finance():
    return make.staff("caiwu", "finance", name="财务处")


def office():
    return make.staff("menban", "outpatient_office", name="门诊办公室")


def proposed(price_fen=6000, starts_on=TODAY, *, code="FU-A", titles=(), kind="followup", by=None):
    return services.propose_price(
        code=code,
        kind=kind,
        titles=titles,
        name="在线复诊",
        name_en="Online follow-up",
        price_fen=price_fen,
        starts_on=starts_on,
        by=by or finance(),
        at=NOON,
    )


def published(*args, **kwargs):
    return services.publish_price(proposed(*args, **kwargs), by=office(), at=NOON)


@pytest.fixture
def dr_chen():
    return make.doctor()


def choose(doctor, code, at=NOON):
    return services.set_service(
        doctor, "followup", price_code=code, is_on=True, by=doctor.user, at=at
    )


# --- the price list -------------------------------------------------------------------------------
def test_a_price_takes_two_people_of_two_offices(trail):
    line = proposed()
    for nobody in (finance(), make.staff("yunwei", "it"), make.doctor().user):
        with pytest.raises(NotAllowed):
            services.publish_price(line, by=nobody, at=NOON)
    assert not any(each.code == "FU-A" for each in selectors.price_list(TODAY))
    assert services.publish_price(line, by=office(), at=NOON).state == "published"
    assert [each.code for each in selectors.price_list(TODAY) if each.code == "FU-A"] == ["FU-A"]
    assert {"price.propose", "price.publish"} < set(trail())


def test_whoever_holds_both_offices_does_not_publish_what_they_proposed():
    both = make.staff("liangzhi", "finance", "outpatient_office")
    line = proposed(by=both)
    with pytest.raises(NotAllowed):
        services.publish_price(line, by=both, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.filter(pk=line.pk).update(state="published", decided_by=both, decided_at=NOON)


@pytest.mark.parametrize("price_fen", [-1, 100_001])
def test_a_price_is_never_below_nothing_nor_beyond_all_measure(price_fen):
    with pytest.raises(Refused):
        proposed(price_fen)
    with pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.create(
            code="FU-B", kind="followup", name="x", name_en="x", price_fen=price_fen,
            starts_on=TODAY, proposed_by=finance(), proposed_at=NOON,
        )  # fmt: skip
    assert proposed(0).price_fen == 0


def test_a_price_dated_backwards_is_refused_when_proposed_and_when_published():
    with pytest.raises(Refused) as refusal:
        proposed(starts_on=TODAY - DAY)
    assert refusal.value.code == "price-backdated"
    waiting = proposed(starts_on=TODAY)
    with pytest.raises(Refused) as refusal:
        services.publish_price(waiting, by=office(), at=NOON + DAY)
    assert refusal.value.code == "price-backdated"
    with pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.filter(pk=waiting.pk).update(
            state="published", decided_by=office(), decided_at=NOON + DAY
        )
    assert services.publish_price(waiting, by=office(), at=NOON).state == "published"


def test_what_is_published_stands_and_is_kept():
    line = published()
    for change in ({"price_fen": 1}, {"starts_on": TODAY + DAY}, {"titles": ["chief"]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Price.objects.filter(pk=line.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        line.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Price.objects.create(
            code="FU-B", kind="followup", name="x", name_en="x", price_fen=1, starts_on=TODAY,
            state="published", proposed_by=finance(), proposed_at=NOON,
            decided_by=office(), decided_at=NOON,
        )  # fmt: skip


def test_one_code_has_one_price_a_day_and_means_one_service():
    published()
    with pytest.raises(WrongState) as refusal:
        published(7000)
    assert refusal.value.code == "price-same-day"
    with pytest.raises(WrongState) as refusal:
        proposed(7000, TODAY + DAY, kind="advice")
    assert refusal.value.code == "price-code-taken"


@pytest.mark.parametrize("code", ["", "x", "FU A", "复诊", "A" * 25, "-FU"])
def test_a_code_is_written_one_way(code):
    with pytest.raises(Refused):
        proposed(code=code)


def test_full_width_digits_in_a_code_are_folded():
    assert proposed(code="ｆｕ－１２").code == "FU-12"


def test_two_decide_at_once_and_the_second_is_told():
    line = proposed()
    services.refuse_price(line, by=office(), at=NOON, why="太高")
    with pytest.raises(WrongState):
        services.publish_price(line, by=make.medical_affairs(), at=NOON)


def test_who_proposed_takes_it_back_and_nobody_else():
    line = proposed()
    with pytest.raises(NotAllowed):
        services.withdraw_price(line, by=make.staff("caiwu2", "finance"), at=NOON)
    assert services.withdraw_price(line, by=finance(), at=NOON).state == "withdrawn"


def test_the_newest_line_that_has_begun_counts_and_its_end_ends_it(dr_chen):
    published(6000)
    published(7000, TODAY + 10 * DAY)
    service = choose(dr_chen, "FU-A")
    price = lambda days: selectors.price_fen_of(service, TODAY + days * DAY)  # noqa: E731
    assert [price(0), price(9), price(10)] == [6000, 6000, 7000]
    later = Price.objects.get(price_fen=7000)
    services.end_price(later, ends_on=TODAY + 20 * DAY, by=finance(), at=NOON, why="项目取消")
    assert [price(19), price(20)] == [7000, None]


def test_a_line_that_is_called_off_before_it_begins_never_was(dr_chen):
    published(6000)
    coming = published(7000, TODAY + 10 * DAY)
    service = choose(dr_chen, "FU-A")
    services.end_price(coming, ends_on=coming.starts_on, by=office(), at=NOON, why="不改了")
    assert selectors.price_fen_of(service, TODAY + 30 * DAY) == 6000
    assert [p.price_fen for p in selectors.price_list(TODAY) if p.code == "FU-A"] == [6000]


def test_nothing_ends_in_the_past():
    line = published()
    with pytest.raises(Refused):
        services.end_price(line, ends_on=TODAY - DAY, by=finance(), at=NOON, why="项目取消")


# --- a doctor chooses -----------------------------------------------------------------------------
def test_a_doctor_chooses_only_what_is_in_force_and_open_to_the_title(dr_chen):
    published(6000, code="FU-ATT", titles=["attending"])
    published(9000, code="FU-CHIEF", titles=["chief"])
    published(9500, TODAY + DAY, code="FU-LATER")
    proposed(9900, code="FU-ASKED")
    published(3000, code="AD-A", kind="advice")
    for code in ("FU-ATT", "FU-LATER", "FU-ASKED", "AD-A", "FU-NONE", ""):
        with pytest.raises(Refused) as refusal:
            choose(dr_chen, code)
        assert refusal.value.code == "price-not-in-force"
    assert selectors.price_fen_of(choose(dr_chen, "FU-CHIEF"), TODAY) == 9000


def test_an_order_keeps_its_price_and_the_next_one_has_the_new(dr_chen):
    user, patient = consulting.wang()
    first = consulting.ordered(user, patient, dr_chen)
    published(9000, code="FU-NEW")
    choose(dr_chen, "FU-NEW")
    first.refresh_from_db()
    assert first.fee_fen == 8000
    zhao = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 40))
    his = consulting.account("13800006621", "赵建民")
    assert consulting.ordered(his, consulting.known(his, zhao), dr_chen).fee_fen == 9000


def test_without_a_price_nobody_is_offered_or_may_order(dr_chen):
    user, patient = consulting.wang()
    for kind in ("FOLLOWUP-8000", "ADVICE-8000"):
        line = Price.objects.get(code=kind)
        services.end_price(line, ends_on=TODAY, by=finance(), at=NOON, why="项目取消")
    assert not finding.doctors(NOON).exists()
    with pytest.raises(RuleBroken) as refusal:
        consulting.ordered(user, patient, dr_chen)
    assert refusal.value.facts["rules"] == ["VISIT-RECEIVING"]


def ended(code="FOLLOWUP-8000"):
    line = Price.objects.get(code=code)
    return services.end_price(line, ends_on=TODAY, by=finance(), at=NOON, why="项目取消")


def test_what_lost_its_price_can_be_turned_off_and_not_on(dr_chen):
    ended()
    with pytest.raises(Refused) as refusal:
        choose(dr_chen, "FOLLOWUP-8000")
    assert refusal.value.code == "price-not-in-force"
    off = services.set_service(
        dr_chen, "followup", price_code="FOLLOWUP-8000", is_on=False, by=dr_chen.user, at=NOON
    )
    assert not off.is_on


def test_what_lost_its_price_comes_back_by_the_doctor_alone(dr_chen, trail):
    ended()
    assert (services.turn_off_unpriced(at=NOON), services.turn_off_unpriced(at=NOON)) == (1, 0)
    assert trail("service.set")[-1].actor is None
    published(9000, TODAY + DAY, code="FOLLOWUP-8000")
    later = NOON + DAY
    followup, advice = (dr_chen.services.get(kind=kind) for kind in ("followup", "advice"))
    assert selectors.price_fen_of(followup, TODAY + DAY) == 9000
    assert (followup.is_on, advice.is_on) == (False, True)
    assert choose(dr_chen, "FOLLOWUP-8000", at=later).is_on
    assert services.turn_off_unpriced(at=later) == 0


# --- when they receive ----------------------------------------------------------------------------
def there(doctor, at=NOON):
    doctor.refresh_from_db()
    found = finding.availability([doctor], at)[doctor.pk]
    listed = type(doctor).objects.filter(finding.receiving_now(at), pk=doctor.pk).exists()
    assert listed == found.is_receiving, "the list and the page say the same"
    return found


def opens(doctor, weekday, since, until, *, is_open=True):
    services.set_hours(
        doctor, weekday=weekday, opens=since, closes=until, is_open=is_open, by=doctor.user, at=NOON
    )


def refused(doctor, at=NOON):
    user, patient = consulting.wang()
    with pytest.raises(RuleBroken) as refusal:
        consulting.ordered(user, patient, doctor, at=at)
    (finding_,) = refusal.value.facts["findings"]
    assert finding_["rule"] == "VISIT-RECEIVING"
    return finding_


def test_without_hours_a_doctor_receives_at_any_time(dr_chen):
    assert there(dr_chen).is_receiving


@pytest.mark.parametrize(
    ("since", "until", "receives"),
    [(720, 721, True), (600, 720, False), (721, 800, False), (0, 1440, True)],
)
def test_hours_hold_from_their_first_minute_to_before_their_last(dr_chen, since, until, receives):
    opens(dr_chen, 2, since, until)  # Tuesday; it is 12:00
    assert there(dr_chen).is_receiving is receives


def test_outside_the_hours_no_order_and_the_patient_reads_when(dr_chen):
    opens(dr_chen, 3, 9 * 60, 12 * 60)
    said = refused(dr_chen)
    assert said["evidence"]["why"] == "hours"
    assert "3月11日（周三）09:00 恢复接诊" in said["says"]


def test_windows_of_a_day_do_not_overlap_in_the_database_either(dr_chen):
    opens(dr_chen, 2, 480, 720)
    opens(dr_chen, 2, 480, 720)  # the same again is no harm
    opens(dr_chen, 2, 720, 780)
    with pytest.raises(WrongState):
        opens(dr_chen, 2, 700, 730)
    with pytest.raises(DatabaseError), transaction.atomic():
        Hours.objects.create(clinician=dr_chen, weekday=2, opens=700, closes=730)
    opens(dr_chen, 2, 480, 720, is_open=False)
    assert [(each.opens, each.closes) for each in selectors.hours_of(dr_chen)] == [(720, 780)]


@pytest.mark.parametrize(
    ("weekday", "since", "until"),
    [(0, 480, 720), (8, 480, 720), (1, 720, 720), (1, 720, 480), (1, -1, 60), (1, 0, 1441)],
)
def test_hours_lie_within_a_day(dr_chen, weekday, since, until):
    with pytest.raises(Refused):
        opens(dr_chen, weekday, since, until)


def test_leave_stops_new_orders_at_once_and_says_until_when(dr_chen):
    opens(dr_chen, 2, 9 * 60, 17 * 60)
    services.take_leave(dr_chen, starts_on=TODAY, ends_on=TODAY + 2 * DAY, by=dr_chen.user, at=NOON)
    assert there(dr_chen).why == "leave"
    assert "3月17日（周二）09:00 恢复接诊" in refused(dr_chen)["says"]
    assert there(dr_chen, NOON + 7 * DAY).is_receiving


def test_of_two_leaves_in_a_row_the_end_of_the_second_counts(dr_chen):
    for first, last in ((0, 2), (3, 5)):
        services.take_leave(
            dr_chen,
            starts_on=TODAY + first * DAY,
            ends_on=TODAY + last * DAY,
            by=dr_chen.user,
            at=NOON,
        )
    assert there(dr_chen).back_at.isoformat() == "2026-03-16T00:00:00+08:00"


@pytest.mark.parametrize(("first", "last"), [(-1, 1), (2, 1), (0, 367)])
def test_leave_is_no_more_than_a_year_and_never_of_the_past(dr_chen, first, last):
    with pytest.raises(Refused):
        services.take_leave(
            dr_chen,
            starts_on=TODAY + first * DAY,
            ends_on=TODAY + last * DAY,
            by=dr_chen.user,
            at=NOON,
        )


def test_leaves_do_not_overlap_in_the_database_either(dr_chen):
    day = {"starts_on": TODAY, "ends_on": TODAY}
    services.take_leave(dr_chen, **day, by=dr_chen.user, at=NOON)
    with pytest.raises(WrongState):
        services.take_leave(dr_chen, **day, by=dr_chen.user, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        Leave.objects.create(clinician=dr_chen, **day)


def test_a_leave_that_has_begun_ends_yesterday_when_it_is_cancelled(dr_chen):
    leave = services.take_leave(
        dr_chen, starts_on=TODAY, ends_on=TODAY + 5 * DAY, by=dr_chen.user, at=NOON
    )
    services.cancel_leave(leave, by=dr_chen.user, at=NOON + 2 * DAY)
    leave.refresh_from_db()
    assert leave.ends_on == TODAY + DAY
    assert there(dr_chen, NOON + 2 * DAY).is_receiving
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    with pytest.raises(NotAllowed):
        services.cancel_leave(leave, by=other.user, at=NOON)


def test_as_many_as_wait_pause_and_who_has_been_seen_makes_room(dr_chen):
    services.set_promises(dr_chen, reply_minutes=30, pause_at=1, by=dr_chen.user, at=NOON)
    zhao = consulting.person("赵建民", "13800006621", date(1972, 3, 9), ("I10", "高血压", 40))
    his = consulting.account("13800006621", "赵建民")
    waiting = consulting.paid(consulting.ordered(his, consulting.known(his, zhao), dr_chen))
    assert there(dr_chen).why == "waiting"
    assert refused(dr_chen)["evidence"]["why"] == "waiting"
    consulting.opened(waiting)
    assert there(dr_chen).is_receiving


def test_the_switch_counts_as_it_stands_now_not_as_the_page_had_read_it(dr_chen):
    stale = type(dr_chen).objects.select_related("department", "user").get(pk=dr_chen.pk)
    services.set_receiving(dr_chen, is_receiving=False, by=dr_chen.user, at=NOON)
    assert stale.is_receiving
    assert refused(stale)["evidence"]["why"] == "switched-off"


def test_orders_that_are_placed_go_on_whatever_the_doctor_turns_off(dr_chen):
    user, patient = consulting.wang()
    waiting = consulting.paid(consulting.ordered(user, patient, dr_chen))
    services.set_receiving(dr_chen, is_receiving=False, by=dr_chen.user, at=NOON)
    services.take_leave(dr_chen, starts_on=TODAY, ends_on=TODAY, by=dr_chen.user, at=NOON)
    services.set_service(
        dr_chen, "followup", price_code="FOLLOWUP-8000", is_on=False, by=dr_chen.user, at=NOON
    )
    assert consulting.opened(waiting).state == "open"


@pytest.mark.parametrize(("reply", "pause"), [(0, None), (1441, None), (30, 0), (30, 201)])
def test_promises_have_bounds(dr_chen, reply, pause):
    with pytest.raises(Refused):
        services.set_promises(
            dr_chen, reply_minutes=reply, pause_at=pause, by=dr_chen.user, at=NOON
        )


# --- quick replies --------------------------------------------------------------------------------
def said(doctor):
    return [each.text for each in selectors.quick_replies(doctor)]


def test_quick_replies_are_kept_moved_changed_and_removed(dr_chen):
    one, two, _three = (
        services.add_reply(dr_chen, text, by=dr_chen.user, at=NOON) for text in "一二三"
    )
    services.move_reply(two, up=True, by=dr_chen.user, at=NOON)
    assert said(dr_chen) == ["二", "一", "三"]
    services.move_reply(two, up=True, by=dr_chen.user, at=NOON)  # is the first already
    services.move_reply(one, up=False, by=dr_chen.user, at=NOON)
    assert said(dr_chen) == ["二", "三", "一"]
    services.change_reply(one, "请先测血压。", by=dr_chen.user, at=NOON)
    services.remove_reply(two, by=dr_chen.user, at=NOON)
    assert said(dr_chen) == ["三", "请先测血压。"]


def test_quick_replies_are_ones_own_of_some_length_and_not_without_end(dr_chen):
    other = make.doctor("zhouruolan", "周若兰", title="associate_chief")
    with pytest.raises(NotAllowed):
        services.add_reply(dr_chen, "您好", by=other.user, at=NOON)
    for text in ("", "  ", "长" * 301):
        with pytest.raises(Refused):
            services.add_reply(dr_chen, text, by=dr_chen.user, at=NOON)
    for number in range(30):
        services.add_reply(dr_chen, f"第 {number} 句", by=dr_chen.user, at=NOON)
    with pytest.raises(WrongState):
        services.add_reply(dr_chen, "再来一句", by=dr_chen.user, at=NOON)


# --- the public list ------------------------------------------------------------------------------
def test_everybody_reads_the_price_list(client, dr_chen):
    at = datetime.now(UTC)
    make.price("followup", 6600, at=at)
    page = client.get("/prices/").content.decode()
    assert "FOLLOWUP-6600" in page
    assert "66" in page
    assert Service.objects.exists()
