"""Two reviewers at once, and a paper taken back while it is being read: one is first."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError

from audit.models import Event
from hospital.files.models import File
from hospital.kernel.clock import database_now
from hospital.kernel.refusals import WrongState
from patients import selectors, services
from patients.models import Evidence
from tests import consulting, make, papers
from tests.conftest import as_auditor
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now():
    return database_now()


@pytest.fixture
def reviewers(now):
    return make.doctor(at=now), make.doctor("linyi", "林一", at=now)


@pytest.fixture
def paper(now, reviewers):
    return papers.handed_in(*consulting.wang(at=now), at=now)


def decided(step):
    with as_auditor():
        return Event.objects.filter(kind=f"evidence.{step}").count()


def test_of_two_reviewers_one_wins_and_the_other_hears_so(paper, reviewers, now):
    one, two = reviewers
    works = [
        partial(papers.confirmed, paper, one, at=now),
        partial(services.refuse_evidence, paper, why="看不清日期", by=two.user, at=now),
    ]
    outcomes = at_once(*works)
    (lost,) = [each for each in outcomes if isinstance(each, Exception)]
    assert isinstance(lost, WrongState)
    assert decided("confirm") + decided("refuse") == 1


def test_the_control_without_the_lock_both_believe_that_they_are_first(
    paper, reviewers, now, monkeypatch
):
    """The race above can be lost: then nothing but the database's trigger stops the second."""
    monkeypatch.setattr(selectors, "locked_paper", lambda row: Evidence.objects.get(pk=row.pk))
    for turn in range(10):
        outcomes = at_once(*[partial(papers.confirmed, paper, who, at=now) for who in reviewers])
        if any(isinstance(each, DatabaseError) for each in outcomes):
            return
        assert [each for each in outcomes if isinstance(each, WrongState)]
        services.revoke_evidence(paper, why="再来一次", by=reviewers[0].user, at=now)
        paper = papers.handed_in(paper.by, paper.patient, at=now + timedelta(days=turn))
    pytest.fail("whoever came second always saw it")


def test_withdrawn_while_it_is_read_it_is_one_of_both(paper, reviewers, now):
    works = [
        partial(papers.confirmed, paper, reviewers[0], at=now),
        partial(services.withdraw_evidence, paper, by=paper.by, at=now),
    ]
    (lost,) = [each for each in at_once(*works) if isinstance(each, Exception)]
    assert isinstance(lost, WrongState)
    assert decided("confirm") + decided("withdraw") == 1


def test_three_may_wait_also_when_five_come_at_once(paper, now):
    patient, by = paper.patient, paper.by
    at_once(*[partial(papers.handed_in, by, patient, at=now)] * 4)
    assert Evidence.objects.filter(patient=patient, state="submitted").count() == 3
    assert File.objects.count() == 3  # those that came to nothing left no page
