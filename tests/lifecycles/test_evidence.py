"""A paper of another hospital: every state and step, by the services that people use."""

from datetime import timedelta

import pytest

from hospital.kernel.refusals import WrongState
from patients import services
from patients.lifecycle import EVIDENCE, EvidenceState
from tests import consulting, make, papers
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
A_YEAR_ON = NOON + timedelta(days=365)  # when what was confirmed counts no longer
WAYS = {
    EvidenceState.SUBMITTED: (),
    EvidenceState.CONFIRMED: ("confirm",),
    EvidenceState.REFUSED: ("refuse",),
    EvidenceState.WITHDRAWN: ("withdraw",),
    EvidenceState.EXPIRED: ("confirm", "expire"),
    EvidenceState.REVOKED: ("confirm", "revoke"),
}


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def wang():
    return consulting.wang(NOON)


def take(step, paper, *, wang, doctor):
    match step:
        case "confirm":
            return papers.confirmed(paper, doctor)
        case "refuse":
            return services.refuse_evidence(paper, why="看不清", by=doctor.user, at=NOON)
        case "withdraw":
            return services.withdraw_evidence(paper, by=wang[0], at=NOON)
        case "revoke":
            return services.revoke_evidence(paper, why="看错了人", by=doctor.user, at=NOON)
        case _:
            services.sweep_evidence(at=A_YEAR_ON)
            paper.refresh_from_db()
            return paper


@pytest.mark.parametrize("step", ["confirm", "refuse", "withdraw", "revoke", "expire"])
@pytest.mark.parametrize("state", WAYS)
def test_every_state_and_step(state, step, wang, doctor):
    paper = papers.handed_in(*wang)
    for each in WAYS[state]:
        paper = take(each, paper, wang=wang, doctor=doctor)
    assert paper.state == state
    if (state, step) in EVIDENCE.steps:
        assert take(step, paper, wang=wang, doctor=doctor).state == EVIDENCE.steps[state, step]
    elif step == "expire":  # nobody takes this step: the nightly look passes over all others
        assert take(step, paper, wang=wang, doctor=doctor).state == state
    else:
        with pytest.raises(WrongState):
            take(step, paper, wang=wang, doctor=doctor)


def test_no_state_is_left_out():
    assert set(WAYS) == set(EVIDENCE.states)
