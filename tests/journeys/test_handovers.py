"""What follows when a doctor may not practise any more, against the database."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Event
from doctors import services as doctors
from doctors.models import Credential
from hospital.accounts import services as accounts
from hospital.consultations import selectors, services
from hospital.consultations.lifecycle import HANDOVER
from hospital.consultations.models import Consultation, Handover, Message, Standing
from hospital.consultations.services import attending, handing, standing, sweeping
from hospital.kernel.refusals import Detour, NotAllowed, RuleBroken, WrongState
from hospital.notifications.models import Notice
from hospital.payments.models import Refund
from hospital.policy.models import Decision
from hospital.policy.services import replay
from prescriptions import selectors as written
from prescriptions import services as prescriptions
from tests import consulting, make, prescribing
from tests.conftest import NOON, as_auditor

pytestmark = pytest.mark.django_db
SOON, LATE = NOON + timedelta(minutes=1), NOON + timedelta(hours=4, minutes=1)


@pytest.fixture
def wang():
    return consulting.wang()


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def zhou():
    """Of the same department, and receiving."""
    return make.doctor("zhouruolan", "周若兰", title="associate_chief")


def suspended(who, *, at=NOON):
    """As medical affairs do it, and as the feed then hears of it."""
    credential = Credential.objects.get(clinician=who, state="approved")
    doctors.suspend(credential, by=make.medical_affairs(), at=at, why="投诉核查")
    told("credential.suspend", at=at)
    return credential


def told(kind, *, at=NOON):
    with as_auditor():
        event = Event.objects.filter(kind=kind).latest("id")
    services.on_event(event, at)


def offered(visit):
    return Handover.objects.get(consultation=visit, state="asked")


def taken(visit, who, *, at=SOON):
    consulting.verified(who, at=at)
    return services.take_over(offered(visit), by=who.user, at=at)


@pytest.mark.parametrize("state", ["unpaid", "waiting"])
def test_an_order_of_a_suspended_doctor_ends_with_everything_given_back(
    wang, doctor, zhou, state, trail
):
    user, patient = wang
    visit = consulting.in_state(state, user, patient, doctor)
    suspended(doctor)
    visit.refresh_from_db()
    assert (visit.state, visit.end_reason) == ("cancelled", "not-practising")
    assert [each.amount_fen for each in Refund.objects.all()] == (
        [8000] if state == "waiting" else []
    )
    notice = Notice.objects.get(to=user, kind="consultation.withdraw")
    assert notice.link == f"/doctors/?department={doctor.department.code}"
    assert trail().count("consultation.withdraw") == 1
    visit.charge.refresh_from_db()
    assert visit.charge.state == ("paid" if state == "waiting" else "closed")


def test_an_open_consultation_is_offered_to_the_department_and_the_patient_is_told(
    wang, doctor, zhou, trail
):
    user, patient = wang
    elsewhere = make.doctor("xunan", "许南", department="皮肤科", title="attending")
    away = make.doctor("suqing", "苏晴", title="attending")
    doctors.set_receiving(away, is_receiving=False, by=away.user, at=NOON)
    visit = consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    visit.refresh_from_db()
    assert (visit.state, visit.doctor) == ("open", doctor)
    handover = offered(visit)
    assert handover.until == NOON + timedelta(hours=4)
    assert list(selectors.offered_to(zhou.user)) == [handover]
    for nobody in (elsewhere, away, doctor):
        assert not selectors.offered_to(nobody.user).exists()
    assert Notice.objects.filter(kind="handover.ask").values_list("to", flat=True).get() == (
        zhou.user.pk
    )
    assert "陈思远" in Notice.objects.get(to=user, kind="consultation.handover-ask").said_body
    (event,) = trail("handover.ask")
    assert event.stream == visit.public_id
    assert Message.objects.filter(consultation=visit).latest("seq").card == {"kind": "handover-ask"}


def test_who_may_not_practise_has_no_place_in_it_any_more(wang, doctor):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    assert not selectors.visible_to(doctor.user).exists()
    assert not selectors.places_held([doctor.user], {visit.public_id})
    assert not selectors.readable_patients(doctor.user).exists()
    assert not written.visible_to(doctor.user).exists()
    assert selectors.visible_to(user).get() == visit
    for step in (
        lambda: services.close(visit, by=doctor.user, at=SOON),
        lambda: services.refer(visit, reason="emergency", by=doctor.user, at=SOON),
        lambda: consulting.said(visit, doctor.user),
        lambda: services.invite(
            visit, doctor=user.public_id, why="一起看", by=doctor.user, at=SOON
        ),
    ):
        with pytest.raises(NotAllowed) as refused:
            step()
        assert refused.value.code == "not-practising"
    waiting = make.doctor("zhouruolan", "周若兰")
    visit = consulting.in_state("waiting", user, patient, waiting)
    credential = Credential.objects.get(clinician=waiting)
    doctors.suspend(credential, by=make.medical_affairs(), at=NOON, why="核查")
    with pytest.raises(NotAllowed):
        services.decline(visit, reason="no-time", by=waiting.user, at=SOON)


def test_a_colleague_takes_over_by_accepting_once_more(wang, doctor, zhou, trail):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    consulting.said(visit, doctor.user, "您好")
    first = visit.verification
    suspended(doctor)
    visit = taken(visit, zhou)
    visit.refresh_from_db()
    assert (visit.state, visit.doctor, visit.fee_fen) == ("open", zhou, 8000)
    assert visit.verification not in (None, first)
    assert visit.open_until == SOON + timedelta(hours=48)
    handover = Handover.objects.get()
    assert (handover.state, handover.taken_by, handover.former) == ("taken", zhou, doctor)
    assert (handover.former_verification, handover.verification) == (first, visit.verification)
    kept = Decision.objects.get(pk=handover.eligibility_id)
    assert (kept.outcome, kept.by, kept.stream) == ("pass", zhou.user.public_id, visit.public_id)
    assert replay(kept)
    (event,) = trail("handover.take")
    assert event.facts["former"] == doctor.public_id.hex
    assert "周若兰" in Notice.objects.get(to=user, kind="consultation.handover-take").said_body
    assert consulting.said(visit, zhou.user, "我来继续").seq
    assert services.close(visit, by=zhou.user, at=SOON).state == "closed"


def test_the_former_doctor_does_not_come_back_into_it_with_the_licence(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    credential = suspended(doctor)
    taken(visit, zhou)
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=SOON, why="查清")
    told("credential.restore", at=SOON)
    assert not selectors.visible_to(doctor.user).exists()
    with pytest.raises(NotAllowed):
        services.close(visit, by=doctor.user, at=SOON)


def test_what_each_doctor_said_stays_theirs(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    consulting.said(visit, doctor.user, "原来的医生")
    services.read(visit, by=doctor.user, upto=2)
    suspended(doctor, at=SOON)
    visit = taken(visit, zhou, at=SOON + timedelta(minutes=1))
    later = SOON + timedelta(minutes=2)
    consulting.said(visit, zhou.user, "新的医生", at=later)
    seen = [
        (each.doctor.name, each.is_mine)
        for each in selectors.shown(visit, zhou.user)
        if each.message.kind == "text"
    ]
    assert seen == [("陈思远", False), ("周若兰", True)]
    assert selectors.read_upto(visit, "patient") == 0
    assert selectors.read_upto(visit, "doctor") == 2


def test_who_takes_over_is_proved_licensed_and_of_the_department(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    handover = offered(visit)
    with pytest.raises(Detour):  # not verified
        services.take_over(handover, by=zhou.user, at=SOON)
    elsewhere = make.doctor("xunan", "许南", department="皮肤科", title="attending")
    for nobody in (elsewhere, doctor):
        consulting.verified(nobody)
        with pytest.raises(NotAllowed):
            services.take_over(handover, by=nobody.user, at=SOON)
    assert Handover.objects.get().state == "asked"


def test_the_law_is_asked_again_of_whoever_takes_over(wang, doctor):
    """三年独立临床工作 (互联网诊疗管理办法 第十四条) is asked of this doctor, not of the first."""
    user, patient = wang
    young = make.doctor(
        "suqing", "苏晴", title="attending", independent_since=NOON.date() - timedelta(days=700)
    )
    visit = consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    consulting.verified(young)
    with pytest.raises(RuleBroken) as refused:
        services.take_over(offered(visit), by=young.user, at=SOON)
    assert refused.value.facts["rules"] == ["VISIT-DOCTOR"]
    refused.value.keep()
    assert Decision.objects.latest("pk").outcome == "block"
    visit.refresh_from_db()
    assert visit.doctor == doctor


def test_nobody_comes_in_time_and_the_patient_is_sent_offline_with_the_money(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    assert not services.sweep(at=LATE - timedelta(minutes=2)).get("unattended")
    assert services.sweep(at=LATE)["unattended"] == 1
    visit.refresh_from_db()
    assert (visit.state, visit.end_reason) == ("referred", "unattended")
    assert Refund.objects.get().amount_fen == 8000
    assert Handover.objects.get().end_reason == "unattended"
    assert Notice.objects.filter(to=user, kind="consultation.unattended").count() == 1
    consulting.verified(zhou, at=LATE)
    with pytest.raises(WrongState):
        services.take_over(Handover.objects.get(), by=zhou.user, at=LATE)


def test_hours_that_run_out_do_not_close_what_nobody_attends(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor, at=visit.open_until - timedelta(hours=1))
    services.sweep(at=visit.open_until)
    visit.refresh_from_db()
    assert visit.state == "open"
    services.sweep(at=visit.open_until + timedelta(hours=3))
    visit.refresh_from_db()
    assert (visit.state, visit.end_reason) == ("referred", "unattended")


def test_a_doctor_whose_licence_comes_back_in_time_goes_on(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    credential = suspended(doctor)
    handover = offered(visit)
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=SOON, why="查清")
    consulting.verified(zhou)
    with pytest.raises(WrongState) as refused:  # before the feed has heard of it
        services.take_over(handover, by=zhou.user, at=SOON)
    assert refused.value.code == "doctor-back"
    told("credential.restore", at=SOON)
    assert Handover.objects.get().end_reason == "resumed"
    assert consulting.said(visit, doctor.user, "我回来了", at=SOON).seq
    assert Notice.objects.filter(to=user, kind="consultation.handover-resume").count() == 1


def test_a_visit_that_comes_back_after_its_hours_lasts_for_what_the_patient_waited(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    until, hour = visit.open_until, timedelta(hours=1)
    credential = suspended(doctor, at=until - hour)
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=until + hour, why="查清")
    assert services.sweep(at=until + hour) == {"resume": 1}
    visit.refresh_from_db()
    assert (visit.state, visit.open_until) == ("open", until + 3 * hour)
    assert consulting.said(visit, doctor.user, "我回来了", at=until + hour).seq
    assert services.sweep(at=until + 3 * hour) == {"close": 1}


def test_a_visit_that_comes_back_within_its_hours_gets_the_wait_on_top(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    credential = suspended(doctor)
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=SOON, why="查清")
    told("credential.restore", at=SOON)
    before = visit.open_until
    visit.refresh_from_db()
    assert visit.open_until == before + timedelta(minutes=1)


def test_hours_that_run_out_before_anybody_was_asked_do_not_close_it_either(wang, doctor):
    """More may be stranded than one sweep asks colleagues for."""
    visit = consulting.in_state("open", *wang, doctor)
    credential = Credential.objects.get(clinician=doctor)
    doctors.suspend(credential, by=make.medical_affairs(), at=NOON, why="投诉核查")
    assert not attending.run_out(visit, at=visit.open_until)
    assert services.sweep(at=visit.open_until) == {"relieve": 1}
    assert offered(visit).former == doctor


def test_what_waits_for_a_colleague_holds_up_no_visit_whose_hours_are_over(
    wang, doctor, zhou, monkeypatch
):
    offered_one = consulting.in_state("open", *wang, doctor)
    another = consulting.in_state("open", *wang, zhou)
    suspended(doctor, at=another.open_until - timedelta(hours=1))
    monkeypatch.setattr(sweeping, "MANY", 1)
    assert services.sweep(at=another.open_until) == {"close": 1}
    another.refresh_from_db()
    offered_one.refresh_from_db()
    assert (offered_one.state, another.state) == ("open", "closed")


def test_a_visit_that_its_doctor_ends_takes_the_offer_with_it(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    credential = suspended(doctor)
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=SOON, why="查清")
    services.close(visit, by=doctor.user, at=SOON)  # the feed has not heard of it yet
    assert Handover.objects.get().end_reason == "over"


def test_the_feed_may_be_told_twice_and_late(wang, doctor, zhou, trail):
    user, patient = wang
    consulting.in_state("open", user, patient, doctor)
    suspended(doctor)
    told("credential.suspend")
    assert Handover.objects.count() == 1
    assert trail().count("handover.ask") == 1
    waiting = consulting.in_state("waiting", user, patient, zhou)
    suspended(zhou)
    told("credential.suspend")
    assert Refund.objects.filter(charge=waiting.charge).count() == 1
    assert Notice.objects.filter(kind="consultation.withdraw").count() == 1


def test_an_event_that_is_no_longer_so_does_nothing(wang, doctor):
    visit = consulting.in_state("waiting", *wang, doctor)
    credential = Credential.objects.get(clinician=doctor, state="approved")
    doctors.suspend(credential, by=make.medical_affairs(), at=NOON, why="误报")
    doctors.restore(credential, by=make.medical_affairs("yiwu2"), at=NOON, why="误报")
    told("credential.suspend")
    visit.refresh_from_db()
    assert visit.state == "waiting"


@pytest.mark.parametrize("how", ["lapse", "role", "account"])
def test_the_sweep_finds_what_no_event_told(wang, how):
    until = (NOON + timedelta(days=1)).date()
    doctor = make.doctor(valid_until=until)
    visit = consulting.in_state("open", *wang, doctor)
    at = SOON
    match how:
        case "lapse":
            at = NOON + timedelta(days=2)
            Consultation.objects.filter(pk=visit.pk).update(open_until=at + timedelta(hours=1))
        case "role":
            accounts.revoke(
                doctor.user, "doctor", by=make.staff("wei", "security_admin"), at=NOON, why="停职"
            )
        case "account":
            accounts.disable(
                doctor.user, by=make.staff("root", "system_admin"), at=NOON, why="离职"
            )
    assert services.sweep(at=at)["relieve"] == 1
    assert offered(visit).former == doctor
    assert "relieve" not in services.sweep(at=at)


def test_a_second_suspension_hands_it_on_once_more(wang, doctor, zhou):
    visit = consulting.in_state("open", *wang, doctor)
    third = make.doctor("suqing", "苏晴", title="attending")
    suspended(doctor)
    taken(visit, zhou)
    suspended(zhou, at=SOON)
    visit = taken(visit, third)
    assert visit.doctor == third
    assert [each.state for each in Handover.objects.order_by("pk")] == ["taken", "taken"]


def test_whoever_sees_the_patient_already_does_not_take_a_second_visit(wang, doctor, zhou):
    user, patient = wang
    visit = consulting.in_state("open", user, patient, doctor)
    consulting.in_state("waiting", user, patient, zhou)
    suspended(doctor)
    with pytest.raises(WrongState) as refused:
        taken(visit, zhou)
    assert refused.value.code == "already-open"


def test_the_outpatient_office_need_not_let_a_patient_wait(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    office = make.staff("menban", "outpatient_office")
    with pytest.raises(NotAllowed):
        services.end_handover(offered(visit), by=make.medical_affairs(), at=SOON)
    services.end_handover(offered(visit), by=office, at=SOON)
    visit.refresh_from_db()
    assert (visit.state, Refund.objects.get().amount_fen) == ("referred", 8000)
    with pytest.raises(WrongState):
        services.end_handover(Handover.objects.get(), by=office, at=SOON)


def test_what_was_signed_in_time_goes_on_through_review(zhou):
    """医疗机构处方审核规范 第十三条: the right to prescribe is asked for the time of issue."""
    cast = prescribing.cast()
    made = prescribing.signed(cast)
    suspended(cast.doctor)
    taken(cast.visit, zhou)
    made.refresh_from_db()
    assert made.state == "signed"
    assert prescriptions.approve(made, by=cast.pharmacist.user, at=SOON).state == "approved"
    assert written.visible_to(zhou.user).get() == made  # who attends now sees and may withdraw it
    fresh = written.visible_to(zhou.user).get()
    assert prescriptions.void(fresh, by=zhou.user, at=SOON).state == "void"


def test_what_nobody_had_signed_is_void_with_the_handover_and_not_before(zhou):
    cast = prescribing.cast()
    draft = prescribing.draft(cast)
    suspended(cast.doctor)
    draft.refresh_from_db()
    assert draft.state == "draft"
    taken(cast.visit, zhou)
    draft.refresh_from_db()
    assert draft.state == "void"
    visit = Consultation.objects.get(pk=cast.visit.pk)
    assert prescriptions.begin(visit, by=zhou.user, at=SOON).doctor == zhou


def test_what_is_sent_back_after_the_handover_comes_to_whoever_attends(zhou):
    cast = prescribing.cast()
    made = prescribing.signed(cast)
    suspended(cast.doctor)
    taken(cast.visit, zhou)
    prescriptions.send_back(made, note="剂量偏大", by=cast.pharmacist.user, at=SOON)
    assert Notice.objects.filter(kind="prescription").values_list("to", flat=True).get() == (
        zhou.user.pk
    )
    assert list(written.returned_to(zhou.user)) == [made]


def test_an_offer_that_nobody_takes_leaves_no_prescription_of_the_visit(zhou):
    """R-04: a terminated visit has no prescription."""
    cast = prescribing.cast()
    made = prescribing.approved(cast)
    suspended(cast.doctor)
    services.sweep(at=LATE)
    made.refresh_from_db()
    assert made.state == "void"


def test_a_visit_counts_for_whoever_took_it_and_a_reply_for_whoever_wrote_it(wang, doctor, zhou):
    def counted(who):
        found = Standing.objects.get(doctor=who)
        return found.visits, found.replies

    visit = consulting.in_state("open", *wang, doctor)
    consulting.said(visit, doctor.user, "您好", at=SOON)
    with as_auditor():
        accepted = Event.objects.get(kind="consultation.accept")
    standing.on_event(accepted, SOON)
    assert counted(doctor) == (1, 1)
    suspended(doctor, at=SOON)
    consulting.said(taken(visit, zhou), zhou.user, "我来继续", at=SOON)
    with as_auditor():
        event = Event.objects.get(kind="handover.take")
    assert event.kind in standing.KINDS
    standing.on_event(event, LATE)
    assert (counted(doctor), counted(zhou)) == ((0, 0), (1, 0))


def test_a_reply_counts_for_whoever_took_a_visit_in_which_nobody_had_answered(wang, doctor, zhou):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    consulting.said(taken(visit, zhou), zhou.user, "我来继续", at=SOON)
    services.recount_all(at=LATE)
    assert Standing.objects.get(doctor=zhou).replies == 1


# What the database itself says --------------------------------------------------------------------


def test_the_database_lets_a_doctor_change_by_the_newest_handover_alone(wang, doctor, zhou):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    for wrong in ({"doctor": zhou}, {"doctor": zhou, "verification": visit.verification}):
        with pytest.raises(DatabaseError, match="by a handover alone"), transaction.atomic():
            Consultation.objects.filter(pk=visit.pk).update(**wrong)
    taken(visit, zhou)
    with pytest.raises(DatabaseError, match="by a handover alone"), transaction.atomic():
        Consultation.objects.filter(pk=visit.pk).update(doctor=doctor)


@pytest.mark.parametrize(
    "change",
    [
        {"until": LATE},
        {"state": "taken"},
        {"state": "ended"},
        {"former_verification": "00000000-0000-0000-0000-000000000000"},
    ],
)
def test_the_database_keeps_an_offer_whole(wang, doctor, change):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Handover.objects.filter(pk=offered(visit).pk).update(**change)


def test_the_database_knows_one_offer_at_a_time_and_never_the_former_as_taker(wang, doctor):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    handover = offered(visit)
    again = {
        "consultation": visit,
        "former": doctor,
        "former_verification": visit.verification,
        "asked_at": NOON,
        "until": LATE,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(**again)
    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        Handover.objects.filter(pk=handover.pk).update(
            state="taken",
            taken_by=doctor,
            taken_at=SOON,
            verification=visit.verification,
            eligibility=visit.eligibility,
        )
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Handover.objects.filter(pk=handover.pk)._raw_delete("default")


@pytest.mark.parametrize("state", ["taken", "ended"])
def test_an_offer_that_is_over_takes_no_step_and_does_not_change(wang, doctor, zhou, state):
    visit = consulting.in_state("open", *wang, doctor)
    suspended(doctor)
    if state == "taken":
        taken(visit, zhou)
    else:
        services.sweep(at=LATE)
    handover = Handover.objects.get(state=state)
    assert not HANDOVER.steps_from(state)
    consulting.verified(zhou)
    with pytest.raises((WrongState, NotAllowed)):
        services.take_over(handover, by=zhou.user, at=SOON)
    assert not handing.run_out(handover, at=LATE)
    assert not handing.resume(handover, at=LATE)
    for change in ({"state": "asked"}, {"end_reason": "over"}, {"taken_at": LATE}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Handover.objects.filter(pk=handover.pk).update(**change)
