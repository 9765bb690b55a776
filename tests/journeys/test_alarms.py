"""Alarms over the trail: just below nothing, at the threshold one, looked at again no second."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction

from audit import sealing, selectors, services, watching
from audit.lifecycle import LIFECYCLE, State
from audit.models import Alarm, Event, Watch
from audit.patterns import BY_KIND, PATTERNS
from hospital.kernel import context
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.notifications.models import Notice
from patients import services as patients
from patients.models import Protection
from tests import make, prescribing
from tests.conftest import NOON
from tests.together import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "trail", "owner"])

SOMEBODY, ANOTHER = UUID(int=7), UUID(int=8)
ONE_O_CLOCK = NOON - timedelta(hours=11)  # 01:00 in Beijing
ADDRESS = "10.1.2.3"


def happen(kind: str, *, times: int = 1, **more) -> None:
    """The same event `times` over, a moment ago unless said otherwise."""
    told = {
        "at": NOON - timedelta(seconds=5),
        "actor": SOMEBODY,
        "role": "doctor",
        "about": UUID(int=1),
        "ip": ADDRESS,
    } | more
    Event.objects.bulk_create(Event(kind=kind, **told) for _ in range(times))


def read(patients: int, **more) -> None:
    """So many different patients' records read by one person."""
    for number in range(patients):
        happen("record.read", about=UUID(int=number + 1), **more)


def refused(times: int, *, status: int = 404, **more) -> None:
    happen(
        "door.refuse", times=times, outcome="refused", facts={"code": "x", "status": status}, **more
    )


def guessed(times: int, **more) -> None:
    happen("account.sign-in-fail", times=times, outcome="refused", **more)


def exported(times: int, rows: int = 1, **more) -> None:
    happen("patient.export", times=times, facts={"rows": rows}, **more)


def untrue(code: str = "signature-broken", **more) -> None:
    happen("door.refuse", outcome="refused", facts={"code": code, "status": 400}, **more)


CASES = {  # kind of alarm: (just below, what is added to reach it)
    "many-patients": (lambda: read(50), lambda: happen("record.read", about=UUID(int=51))),
    "night-reads": (
        lambda: read(9, at=ONE_O_CLOCK),
        lambda: happen("record.read", about=UUID(int=10), at=ONE_O_CLOCK),
    ),
    "many-exports": (lambda: exported(2), lambda: exported(1)),
    "big-export": (lambda: exported(1, rows=999), lambda: exported(1, rows=1)),
    "break-glass-often": (
        lambda: happen("break-glass.open", times=2),
        lambda: happen("break-glass.open"),
    ),
    "protected-record": (
        lambda: happen("record.read", facts={"why": "care"}),
        lambda: happen("record.read", facts={"why": "care", "protected": True}),
    ),
    "untrue-signature": (lambda: untrue("wrong-state"), untrue),
    "many-refused": (lambda: refused(19), lambda: refused(1, status=403)),
    "many-guesses": (
        lambda: guessed(19, actor=None),
        lambda: happen("code.fail", outcome="refused", actor=None),
    ),
    "guessed-account": (lambda: guessed(19, ip=None), lambda: guessed(1, ip=None)),
}


def moment_of(kind: str):
    return ONE_O_CLOCK + timedelta(hours=2) if kind == "night-reads" else NOON


def alarms(kind: str) -> list[Alarm]:
    return list(Alarm.objects.filter(kind=kind).order_by("pk"))


def test_every_pattern_is_tested():
    assert set(CASES) == {each.kind for each in PATTERNS if each.kinds}


@pytest.mark.parametrize("kind", CASES)
def test_below_the_threshold_nothing_at_it_one_alarm_and_no_second(kind):
    below, reach = CASES[kind]
    at = moment_of(kind)
    below()
    watching.watch(at=at)
    assert alarms(kind) == []
    reach()
    watching.watch(at=at + timedelta(seconds=1))
    (raised,) = alarms(kind)
    assert raised.count >= BY_KIND[kind].times
    assert raised.state == "raised"
    watching.watch(at=at + timedelta(seconds=12))
    assert len(alarms(kind)) == 1
    (event,) = selectors.trail().filter(kind="alarm.raise", facts__alarm=kind)
    assert event.pk == raised.event
    assert set(raised.events) <= set(selectors.trail().values_list("pk", flat=True))


@pytest.mark.parametrize("kind", CASES)
def test_what_lies_before_the_window_does_not_count(kind):
    """The control of the case above: the same events, looked at when the window has passed."""
    for part in CASES[kind]:
        part()
    watching.watch(at=moment_of(kind) + BY_KIND[kind].window)
    assert alarms(kind) == []


def test_two_people_are_two_alarms_and_neither_counts_for_the_other():
    refused(19)
    refused(19, actor=ANOTHER)
    watching.watch(at=NOON)
    assert alarms("many-refused") == []
    refused(1)
    refused(1, actor=ANOTHER)
    watching.watch(at=NOON + timedelta(seconds=1))
    assert {each.actor for each in alarms("many-refused")} == {SOMEBODY, ANOTHER}


def test_what_patients_do_with_their_own_records_is_no_staff_reading():
    read(60, role="patient")
    watching.watch(at=NOON)
    assert alarms("many-patients") == []


def test_reading_one_patient_sixty_times_is_not_reading_sixty():
    happen("record.read", times=60)
    watching.watch(at=NOON)
    assert alarms("many-patients") == []


def test_the_same_reading_by_day_is_no_night_reading():
    read(10)
    watching.watch(at=NOON)
    assert alarms("night-reads") == []


def test_in_the_next_window_it_is_raised_again_for_new_events_only():
    refused(20)
    watching.watch(at=NOON)
    later = NOON + timedelta(minutes=2)
    watching.watch(at=later)
    assert len(alarms("many-refused")) == 1
    refused(20, at=later)
    watching.watch(at=later + timedelta(seconds=1))
    first, second = alarms("many-refused")
    assert not set(first.events) & set(second.events)


def test_what_happened_while_nobody_watched_is_watched_afterwards():
    watching.watch(at=NOON)
    refused(20, at=NOON + timedelta(minutes=1))
    watching.watch(at=NOON + timedelta(minutes=30))
    assert len(alarms("many-refused")) == 1


def test_two_watches_at_once_raise_one_alarm():
    refused(20)
    at_once(*[lambda: watching.watch(at=NOON)] * 3)
    assert len(alarms("many-refused")) == 1


def test_the_database_itself_refuses_a_second_of_one_window():
    """Without the look before: the control of the uniqueness that the service rests on."""
    one = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    assert one is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Alarm.objects.create(kind=one.kind, whose=one.whose, slot=one.slot, at=NOON, window=60)


def test_a_room_below_may_raise_one_of_its_own():
    assert services.alarm("break-glass-unreviewed", actor=SOMEBODY, at=NOON, late=7) is not None
    assert services.alarm("break-glass-unreviewed", actor=SOMEBODY, at=NOON, late=7) is None
    (raised,) = alarms("break-glass-unreviewed")
    assert raised.facts == {"late": 7}


# Seeing it through ------------------------------------------------------------------------------


def auditor(username: str = "shenji"):
    return make.staff(username, "audit_admin")


def test_the_audit_administrator_sees_it_through(trail):
    raised = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    services.acknowledge(raised, by=auditor(), at=NOON)
    closed = services.close(raised, by=auditor(), at=NOON, why="误报：科室集中整理资料")
    assert (closed.state, closed.acknowledged_by) == ("closed", auditor().public_id)
    assert trail()[-2:] == ["alarm.acknowledge", "alarm.close"]


def test_nobody_else_does_and_nobody_their_own():
    raised = services.alarm("many-refused", actor=auditor().public_id, at=NOON)
    for who in (make.staff("anquan", "security_admin"), auditor()):
        with pytest.raises(NotAllowed):
            services.acknowledge(raised, by=who, at=NOON)
    services.acknowledge(raised, by=auditor("another"), at=NOON)


def test_without_a_word_it_is_not_closed():
    raised = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    services.acknowledge(raised, by=auditor(), at=NOON)
    with pytest.raises(Refused) as refusal:
        services.close(raised, by=auditor(), at=NOON, why="  ")
    assert refusal.value.code == "note-missing"


def test_no_other_step_is_taken_and_nothing_seen_is_changed_or_removed():
    raised = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    with pytest.raises(WrongState):
        services.close(raised, by=auditor(), at=NOON, why="太早")
    for change in ({"state": "closed"}, {"count": 2}, {"actor": ANOTHER}, {"events": [1]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Alarm.objects.filter(pk=raised.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        raised.delete()


def test_every_step_of_its_life_is_known():
    assert LIFECYCLE.states == set(State.values)
    assert LIFECYCLE.steps_from("closed") == frozenset()


# Told ---------------------------------------------------------------------------------------------


def test_the_audit_administrators_find_it_in_their_inbox_once():
    from audit import drain  # noqa: PLC0415 - beside its one use

    one, other, suspect = auditor(), auditor("another"), auditor("shenjisan")
    raised = services.alarm("many-refused", actor=suspect.public_id, at=NOON)
    for _ in range(2):
        drain.drain("notifications", at=NOON + timedelta(minutes=1))
    notices = Notice.objects.filter(kind="alarm.raise")
    assert {notice.to for notice in notices} == {one, other}
    assert len(notices) == 2
    assert "二十次" in notices[0].said_body
    assert notices[0].link.endswith(f"/{raised.pk}/change/")


# The trail itself ---------------------------------------------------------------------------------


@pytest.fixture
def closed_trail():
    """The runtime role may not write events, as after a mistake or an attack."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("REVOKE INSERT ON audit_event FROM hospital_runtime")
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT INSERT ON audit_event TO hospital_runtime")


def test_a_trail_that_takes_something_is_no_alarm():
    watching.watch(at=NOON)
    assert alarms("trail-closed") == []


def test_a_trail_that_takes_nothing_is_an_alarm_and_told_when_it_takes_again(closed_trail):
    assert not watching.is_writable(at=NOON)
    for _ in range(2):
        watching.watch(at=NOON)
    (raised,) = alarms("trail-closed")
    assert raised.event is None
    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT INSERT ON audit_event TO hospital_runtime")
    watching.watch(at=NOON + timedelta(seconds=10))
    raised.refresh_from_db()
    assert selectors.trail().get(pk=raised.event).kind == "alarm.raise"


@pytest.mark.parametrize(("seconds", "raised"), [(60, 0), (61, 1)])
def test_a_sealer_that_stands_still_for_a_minute_is_an_alarm(seconds, raised):
    happen("record.read", at=NOON)
    for again in range(2):
        watching.watch(at=NOON + timedelta(seconds=seconds + again * raised))
    assert len(alarms("sealing-stopped")) == raised


def test_what_is_sealed_is_no_alarm_however_old(settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = str(tmp_path)
    happen("record.read", at=NOON)
    assert sealing.seal(NOON) > 0
    watching.watch(at=NOON + timedelta(hours=1))
    assert alarms("sealing-stopped") == []


def test_the_try_leaves_no_event():
    assert watching.is_writable(at=NOON)
    assert not selectors.trail().filter(kind="alarm.probe").exists()


def test_who_watches_is_seen():
    assert selectors.watched_until() is None
    watching.watch(at=NOON)
    assert selectors.watched_until() == NOON == Watch.objects.get().at


def test_unknown_people_raise_nothing():
    refused(40, actor=None)
    happen("record.read", actor=uuid4())
    watching.watch(at=NOON)
    assert Alarm.objects.count() == 0


# In the back office -------------------------------------------------------------------------------


def test_the_audit_administrator_finds_it_at_work_and_takes_the_steps():
    raised = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    watching.watch(at=NOON)
    client = make.sitting_of(auditor())
    front = client.get("/admin/").content.decode()
    assert "条审计告警没有处理完" in front
    assert "告警巡查停了" in front  # the watch was at noon
    page = f"/admin/audit/alarm/{raised.pk}/"
    assert "二十次" in client.get("/admin/audit/alarm/").content.decode()
    assert client.post(f"{page}acknowledge/").status_code == 302
    assert client.post(f"{page}close/", {"why": ""}).status_code == 422
    assert client.post(f"{page}close/", {"why": "误报"}).status_code == 302
    raised.refresh_from_db()
    assert (raised.state, raised.note) == ("closed", "误报")


def test_no_other_manager_sees_any():
    raised = services.alarm("many-refused", actor=SOMEBODY, at=NOON)
    client = make.sitting_of(make.staff("xinxi", "it", "security_admin", "medical_affairs"))
    assert client.get("/admin/audit/alarm/").status_code == 403
    assert client.post(f"/admin/audit/alarm/{raised.pk}/acknowledge/").status_code == 403
    assert "审计告警" not in client.get("/admin/").content.decode()


# Protected people ---------------------------------------------------------------------------------


def test_every_read_of_somebody_protected_is_an_alarm_from_the_moment_they_are():
    cast = prescribing.cast()
    affairs = make.medical_affairs()

    def read_and_watch(seconds: int) -> int:
        at = NOON + timedelta(seconds=seconds)
        with context.entering(context.RequestContext(role="doctor")):
            patients.open_record(cast.patient, by=cast.doctor.user, at=at, why="care")
        watching.watch(at=at)
        return len(alarms("protected-record"))

    assert read_and_watch(1) == 0
    patient = patients.protect(cast.patient, by=affairs, at=NOON, why="本院职工")
    cast.patient.refresh_from_db()
    assert patient.is_protected
    assert read_and_watch(2) == 1
    (raised,) = alarms("protected-record")
    assert (raised.actor, raised.about) == (cast.doctor.user.public_id, patient.public_id)
    patients.unprotect(patient, by=affairs, at=NOON, why="已离职")


def test_only_medical_affairs_say_who_is_protected_and_why():
    cast = prescribing.cast()
    with pytest.raises(NotAllowed):
        patients.protect(cast.patient, by=cast.doctor.user, at=NOON, why="好奇")
    with pytest.raises(Refused) as refusal:
        patients.protect(cast.patient, by=make.medical_affairs(), at=NOON, why=" ")
    assert refusal.value.code == "reason-missing"
    page = f"/admin/patients/patient/{cast.patient.pk}/protect/"
    client = make.sitting_of(make.medical_affairs())
    assert cast.patient.name not in client.get("/admin/patients/patient/").content.decode()
    assert client.post(page, {"why": "本院职工"}).status_code == 302
    cast.patient.refresh_from_db()
    assert cast.patient.is_protected
    page = page.replace("protect/", "unprotect/")
    assert client.post(page, {"why": "已离职"}).status_code == 302
    page = client.get(page.replace("unprotect/", "change/")).content.decode()
    assert page.index("移出：已离职") < page.index("列入：本院职工"), "the newest decision first"


def test_why_somebody_is_protected_is_kept_sealed_and_never_changed():
    cast = prescribing.cast()
    affairs = make.medical_affairs()
    patients.protect(cast.patient, by=affairs, at=NOON, why="本院职工")
    (kept,) = Protection.objects.all()
    assert (kept.patient, kept.is_protected, kept.by) == (cast.patient, True, affairs)
    assert kept.why == "本院职工"
    with connection.cursor() as cursor:
        cursor.execute("SELECT why FROM patients_protection")
        assert "职工" not in str(cursor.fetchone()[0])
    for change in (
        lambda: Protection.objects.update(is_protected=False),
        lambda: Protection.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
