from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from doctors import services
from doctors.lifecycle import LIFECYCLE, PRIVILEGE, PrivilegeState, State
from doctors.models import Credential
from hospital.kernel.refusals import WrongState
from tests import make
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

WHY = {"refuse": "编码有误", "suspend": "投诉核查", "restore": "核查完毕"}
STEPS = ("approve", "refuse", "withdraw", "suspend", "restore")
WAYS = {
    State.SUBMITTED: (),
    State.APPROVED: ("approve",),
    State.REFUSED: ("refuse",),
    State.SUSPENDED: ("approve", "suspend"),
    State.WITHDRAWN: ("withdraw",),
}


def take(step, credential):
    why = {"why": WHY[step]} if step in WHY else {}
    by = credential.clinician.user if step == "withdraw" else make.medical_affairs()
    return getattr(services, step)(credential, by=by, at=NOON, **why)


def submitted(who, *, by=None):
    given = {"institution": "示范大学第三医院", "scope": "内科专业"}
    given |= make.certificates(who)
    given |= {
        "independent_since": NOON.date().replace(year=2010),
        "valid_until": NOON.date().replace(year=2035),
    }
    return services.submit_credential(who, by=by or who.user, at=NOON, **given)


@pytest.fixture
def who():
    return make.clinician("wutong", "吴桐", kind="doctor", department="内分泌科", title="attending")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", WAYS)
def test_every_state_and_step(who, state, step):
    credential = submitted(who)
    for each in WAYS[state]:
        credential = take(each, credential)
    assert credential.state == state
    if (state, step) in LIFECYCLE.steps:
        assert take(step, credential).state == LIFECYCLE.steps[state, step]
    else:
        with pytest.raises(WrongState):
            take(step, credential)


def test_a_renewal_lets_the_earlier_licence_lapse(who):
    earlier = take("approve", submitted(who))
    take("approve", submitted(who))
    earlier.refresh_from_db()
    assert earlier.state == State.LAPSED
    for step in STEPS:
        with pytest.raises(WrongState):
            take(step, earlier)


def test_a_suspended_doctor_cannot_go_round_it_with_a_renewal(who):
    take("suspend", take("approve", submitted(who)))
    renewal = submitted(who)
    with pytest.raises(WrongState):
        take("approve", renewal)


@pytest.mark.parametrize("state", [s for s in State if s != State.SUBMITTED])
def test_the_database_follows_the_same_table(who, state):
    credential = submitted(who)
    allowed = state in {State.APPROVED, State.REFUSED, State.WITHDRAWN}
    changes = {"state": state, "decided_at": NOON, "decided_by": make.medical_affairs()}
    if allowed:
        Credential.objects.filter(pk=credential.pk).update(**changes)
    else:
        with pytest.raises(DatabaseError), transaction.atomic():
            Credential.objects.filter(pk=credential.pk).update(**changes)


@pytest.mark.parametrize(
    "change",
    [
        {"valid_until": NOON.date().replace(year=2099)},
        {"filing_no": "2026-1", "filing_from": NOON.date(), "filing_until": NOON.date()},
        {"institution": "示范市人民医院"},
        {"scope": "外科专业"},
        {"practice_no": "110110000099999"},
        {"submitted_at": NOON + timedelta(days=1)},
        {"decided_at": NOON + timedelta(days=1)},
        {"why": "x"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_was_handed_in_and_what_was_decided_stand(who, change):
    """A reminder and the next step of the lifecycle are let through."""
    approved = take("approve", submitted(who))
    row = Credential.objects.get(pk=approved.pk)
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        row.save(update_fields=list(change))
    assert Credential.objects.filter(pk=approved.pk).update(reminded_days=60) == 1
    assert take("suspend", approved).state == State.SUSPENDED


def test_a_licence_begins_as_one_that_waits_and_is_never_deleted(who):
    waiting = submitted(who)
    decided = {"state": State.REFUSED, "decided_at": NOON, "decided_by": make.medical_affairs()}
    copied = {f.name: getattr(waiting, f.name) for f in Credential._meta.fields if not f.generated}
    copied |= {"id": None, "public_id": uuid4()}
    with pytest.raises(DatabaseError, match="Cannot insert"), transaction.atomic():
        Credential.objects.create(**(copied | decided))
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        waiting.delete()
    assert take("refuse", waiting).state == State.REFUSED


@pytest.mark.parametrize("state", [State.APPROVED, State.REFUSED])
def test_the_database_lets_nobody_decide_about_their_own_licence(who, state):
    waiting = submitted(who, by=make.medical_affairs("yiwu1"))
    rows = Credential.objects.filter(pk=waiting.pk)
    decided = {"state": state, "decided_at": NOON}
    with pytest.raises(DatabaseError, match="their own licence"), transaction.atomic():
        rows.update(**decided, decided_by=who.user)
    assert rows.update(**decided, decided_by=make.medical_affairs()) == 1


def test_the_tables_are_whole():
    assert LIFECYCLE.states == set(State) == set(LIFECYCLE.faces)
    assert PRIVILEGE.states == set(PrivilegeState) == set(PRIVILEGE.faces)
