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


def submitted(who):
    given = {"institution": "示范大学第三医院", "scope": "内科专业"}
    given |= make.certificates(who)
    given |= {
        "independent_since": NOON.date().replace(year=2010),
        "valid_until": NOON.date().replace(year=2035),
    }
    return services.submit_credential(who, by=who.user, at=NOON, **given)


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


def test_the_tables_are_whole():
    assert LIFECYCLE.states == set(State) == set(LIFECYCLE.faces)
    assert PRIVILEGE.states == set(PrivilegeState) == set(PRIVILEGE.faces)
