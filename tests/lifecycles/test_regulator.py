"""Every (state, step) of an upload: those the table has, and that all others are refused."""

import pytest
from django.db import DatabaseError, transaction

from hospital.kernel.refusals import WrongState
from hospital.regulator.lifecycle import LIFECYCLE, State
from hospital.regulator.services.steps import take_step
from tests.conftest import NOON
from tests.uploads import an_upload

pytestmark = pytest.mark.django_db
STEPS = ("acknowledge", "quarantine", "mend")


def in_state(state):
    upload = an_upload()
    if state == State.ACKNOWLEDGED:
        upload.acknowledged_at, upload.receipt = NOON, "r"
        take_step("acknowledge", upload, by=None, at=NOON)
    elif state == State.QUARANTINED:
        take_step("quarantine", upload, by=None, at=NOON)
    return upload


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_where_the_table_says_or_nowhere(state, step, trail):
    upload = in_state(state)
    upload.acknowledged_at, upload.receipt = NOON, "r"
    if (state, step) in LIFECYCLE.steps:
        take_step(step, upload, by=None, at=NOON)
        assert upload.state == LIFECYCLE.steps[state, step]
        assert trail(f"regulator.{step}")[-1].stream == upload.stream
    else:
        with pytest.raises(WrongState):
            take_step(step, upload, by=None, at=NOON)
        assert upload.state == state


def test_the_database_knows_the_steps_too():
    upload = in_state(State.ACKNOWLEDGED)
    for changes in ({"state": State.PENDING}, {"receipt": "another"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(upload).objects.filter(pk=upload.pk).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        upload.delete()
    waiting = an_upload()
    for changes in ({"state": State.ACKNOWLEDGED}, {"seq": 9}, {"biz_id": "another"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(upload).objects.filter(pk=waiting.pk).update(**changes)


def test_the_database_leaves_no_gap_in_a_visit():
    first = an_upload()
    with pytest.raises(DatabaseError), transaction.atomic():
        an_upload(stream=first.stream, seq=3)
    with pytest.raises(DatabaseError), transaction.atomic():
        an_upload(stream=first.stream, seq=1)
    assert an_upload(stream=first.stream).seq == 2
