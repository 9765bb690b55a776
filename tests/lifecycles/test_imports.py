"""Every state and step of an import, and of one of its rows."""

import pytest
from django.db import DatabaseError, transaction

from doctors import services
from doctors.lifecycle import IMPORT, ROW, ImportState, RowState
from doctors.models import Import, ImportRow
from doctors.services.importing.steps import settle, take_step
from hospital.kernel.refusals import WrongState
from tests import make
from tests.conftest import NOON
from tests.imports import csv_of, kept, person

pytestmark = pytest.mark.django_db

STEPS = ("confirm", "start", "finish", "stop")
WAYS = {
    ImportState.CHECKED: (),
    ImportState.CONFIRMED: ("confirm",),
    ImportState.RUNNING: ("confirm", "start"),
    ImportState.DONE: ("confirm", "start", "finish"),
    ImportState.STOPPED: ("stop",),
}


def take(step: str, sheet: Import):
    """The step as whoever takes it would."""
    if step == "confirm":
        return services.confirm_import(sheet, by=make.medical_affairs("queren"), at=NOON)
    if step == "stop":
        return services.stop_import(sheet, by=make.medical_affairs(), at=NOON, why="不要了")
    return take_step(step, sheet, by=None, at=NOON)


def in_state(state: ImportState) -> Import:
    sheet = kept(csv_of(person()))
    for step in WAYS[state]:
        sheet = take(step, sheet)
    return sheet


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", list(ImportState))
def test_every_step_from_every_state(state, step, trail):
    sheet = in_state(state)
    assert sheet.state == state
    if (state, step) in IMPORT.steps:
        take(step, sheet)
        sheet.refresh_from_db()
        assert sheet.state == IMPORT.steps[state, step]
        assert trail()[-1] == f"import.{step}"
    else:
        with pytest.raises(WrongState):
            take(step, sheet)


@pytest.mark.parametrize("end", list(ImportState))
@pytest.mark.parametrize("start", list(ImportState))
def test_the_database_knows_the_table_too(start, end):
    if start == end:
        return
    sheet = in_state(start)
    sheet.state = end
    if end == ImportState.CONFIRMED:
        sheet.confirmed_by, sheet.confirmed_at = make.medical_affairs("queren"), NOON
    sheet.ended_at = NOON if end in (ImportState.DONE, ImportState.STOPPED) else None
    if (str(start), str(end)) in IMPORT.edges:
        sheet.save()
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        sheet.save()


@pytest.mark.parametrize("step", sorted({step for _state, step in ROW.steps}))
@pytest.mark.parametrize("state", list(RowState))
def test_a_row_is_done_once(state, step):
    row: ImportRow = kept(csv_of(person())).lines.get()
    ways = {end: way for (_start, way), end in ROW.steps.items()}
    if state != RowState.WAITING:
        settle(row, ways[state], at=NOON)
        with pytest.raises(WrongState):
            settle(row, step, at=NOON)
        row.state = ROW.steps[RowState.WAITING, step]
        if row.state != state:
            with pytest.raises(DatabaseError), transaction.atomic():
                row.save()
    else:
        settle(row, step, at=NOON)
        assert row.state == ROW.steps[state, step]
        assert row.data is None
