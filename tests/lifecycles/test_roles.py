"""Every state of a change of roles, and every step from it."""

import pytest
from django.db import DatabaseError, transaction

from hospital.accounts import services
from hospital.accounts.lifecycle import LIFECYCLE, State
from hospital.accounts.models import RoleChange
from hospital.kernel.refusals import WrongState
from tests.conftest import NOON
from tests.make import staff

pytestmark = pytest.mark.django_db
STEPS = ("grant", "refuse", "withdraw")
WAYS = {
    State.ASKED: None,
    State.DONE: "grant",
    State.REFUSED: "refuse",
    State.WITHDRAWN: "withdraw",
}


def take(step, change):
    by = staff("wei" if step == "withdraw" else "song", "security_admin")
    why = {"why": "没有资质"} if step == "refuse" else {}
    return getattr(services, step)(change, by=by, at=NOON, **why)


def asked():
    wei, lin = staff("wei", "security_admin"), staff("lin", "doctor")
    return services.ask_role(lin, "it", by=wei, at=NOON, why="轮岗")


def test_the_table_knows_every_state_and_step():
    assert set(LIFECYCLE.faces) == LIFECYCLE.states == set(WAYS)
    assert {step for _state, step in LIFECYCLE.steps} == set(STEPS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_where_the_table_has_it_and_refused_elsewhere(state, step):
    change = asked()
    if WAYS[state]:
        take(WAYS[state], change)
    if (state, step) in LIFECYCLE.steps:
        assert take(step, change).state == LIFECYCLE.steps[state, step]
    else:
        with pytest.raises(WrongState):
            take(step, change)
        change.refresh_from_db()
        assert change.state == state


@pytest.mark.parametrize("state", [state for state in State if state != State.ASKED])
def test_the_database_lets_no_decided_change_move(state):
    change = asked()
    take(WAYS[state], change)
    for other in set(State) - {state}:
        with pytest.raises(DatabaseError), transaction.atomic():
            RoleChange.objects.filter(pk=change.pk).update(state=other)
