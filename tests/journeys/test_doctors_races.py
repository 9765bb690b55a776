"""A suspension and a signature at the same moment: one of them is first, never both at once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from django.db import connections, transaction

from doctors import selectors, services
from doctors.models import Credential, Privilege
from hospital.kernel.calendar import local_date
from hospital.kernel.refusals import Refused, WrongState
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = local_date(NOON)
A_WHILE = 0.4  # seconds; enough for the other to have come to the lock


@pytest.fixture
def aside():
    """Run something on a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit
        pool.submit(connections.close_all).result()


def test_a_suspension_waits_for_the_signature_being_given(aside):
    who = make.doctor()
    affairs, credential = make.medical_affairs(), who.credentials.get(state="approved")
    with transaction.atomic():
        assert selectors.credential_for_share(who, TODAY) is not None
        suspending = aside(services.suspend, credential, by=affairs, at=NOON, why="投诉核查")
        with pytest.raises(TimeoutError):
            suspending.result(A_WHILE)
    assert suspending.result(5).state == "suspended"


def test_who_wants_to_sign_waits_for_the_suspension_and_then_may_not(aside):
    who = make.doctor()
    affairs, credential = make.medical_affairs(), who.credentials.get(state="approved")
    begun, go_on = Event(), Event()

    def suspend_slowly():
        with transaction.atomic():
            services.suspend(credential, by=affairs, at=NOON, why="投诉核查")
            begun.set()
            go_on.wait(5)

    suspending = aside(suspend_slowly)
    assert begun.wait(5)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        pool.submit(lambda: (Event().wait(A_WHILE), go_on.set()))
        assert selectors.credential_for_share(who, TODAY) is None
    suspending.result(5)


def test_two_signatures_do_not_wait_for_each_other(aside):
    who = make.doctor()

    def look():
        with transaction.atomic():
            return selectors.credential_for_share(who, TODAY) is not None

    with transaction.atomic():
        assert selectors.credential_for_share(who, TODAY) is not None
        assert aside(look).result(2)


# --- two managers, two people ---------------------------------------------------------------------
def submitted(who, **more):
    given = {
        **make.certificates(who),
        "institution": "示范大学第三医院",
        "scope": "内科专业",
        "independent_since": date(2010, 7, 1),
        "valid_until": date(2035, 6, 30),
    } | more
    return services.submit_credential(who, by=who.user, at=NOON, **given)


def colleague(username, name):
    return make.clinician(username, name, kind="doctor", department="内分泌科", title="attending")


def decided_at_once(act, row, aside):
    """One manager has decided and not committed when the other begins; how the other ends."""
    one, other = make.medical_affairs("yiwu1"), make.medical_affairs("yiwu2")
    with transaction.atomic():
        act(row, by=one, at=NOON)
        second = aside(act, row, by=other, at=NOON)
        with contextlib.suppress(TimeoutError):
            second.result(A_WHILE)
    return second.exception(5)


def unlocked(model):
    """What the lock prevents: every manager reads the row as it stands committed."""
    return lambda row: model.objects.select_related("clinician__user").get(pk=row.pk)


def test_of_two_managers_who_approve_at_once_the_second_is_told(aside):
    waiting = submitted(colleague("wutong", "吴桐"))
    assert isinstance(decided_at_once(services.approve, waiting, aside), WrongState)
    assert Credential.objects.get(pk=waiting.pk).decided_by.username == "yiwu1"


def test_without_the_lock_only_the_database_stops_the_second_who_approves(aside, monkeypatch):
    monkeypatch.setattr(selectors, "locked_credential", unlocked(Credential))
    waiting = submitted(colleague("wutong", "吴桐"))
    stopped = decided_at_once(services.approve, waiting, aside)
    assert "Cannot update rows from doctors_credential" in str(stopped)
    assert Credential.objects.get(pk=waiting.pk).decided_by.username == "yiwu1"


def test_of_two_managers_who_grant_at_once_the_second_is_told(aside):
    who = make.doctor()
    asked = services.ask_privilege(
        who, "emergency", starts_on=TODAY, ends_on=TODAY, by=who.user, at=NOON
    )
    assert isinstance(decided_at_once(services.grant_privilege, asked, aside), WrongState)
    assert Privilege.objects.get(pk=asked.pk).decided_by.username == "yiwu1"


def test_without_the_locks_both_would_have_granted(aside, monkeypatch):
    monkeypatch.setattr(selectors, "locked_privilege", unlocked(Privilege))
    monkeypatch.setattr(selectors, "held_clinician", lambda clinician: clinician)
    who = make.doctor()
    asked = services.ask_privilege(
        who, "emergency", starts_on=TODAY, ends_on=TODAY, by=who.user, at=NOON
    )
    assert decided_at_once(services.grant_privilege, asked, aside) is None
    assert Privilege.objects.get(pk=asked.pk).decided_by.username == "yiwu2"


def test_a_suspended_privilege_waits_for_the_signature_being_given(aside):
    who, affairs = make.doctor(), make.medical_affairs()
    held = who.privileges.get(kind="prescribe")
    with transaction.atomic():
        assert selectors.privilege_for_share(who, "prescribe", TODAY) is not None
        suspending = aside(services.suspend_privilege, held, by=affairs, at=NOON, why="点评")
        with pytest.raises(TimeoutError):
            suspending.result(A_WHILE)
    assert suspending.result(5).state == "suspended"
    with transaction.atomic():
        assert selectors.privilege_for_share(who, "prescribe", TODAY) is None


def test_of_two_people_who_hand_in_one_certificate_at_once_one_is_refused(aside):
    one, other = colleague("wutong", "吴桐"), colleague("xunan", "许南")
    same = {"practice_no": "110110000077777"}
    with transaction.atomic():
        submitted(one, **same)
        second = aside(submitted, other, **same)
        with pytest.raises(TimeoutError):
            second.result(A_WHILE)
    refusal = second.exception(5)
    assert isinstance(refusal, Refused)
    assert refusal.code == "certificate-of-another"
    assert Credential.objects.get().clinician == one
