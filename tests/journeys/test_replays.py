"""Every decision of a whole way, refusals too, is taken again from what was kept, byte for byte."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hospital.consultations import services as consultations
from hospital.consultations.services import judging
from hospital.kernel.canonical import canonical
from hospital.kernel.refusals import RuleBroken
from hospital.policy import replays
from hospital.policy import services as policy
from hospital.policy.models import Decision
from patients import services as patients
from tests import consulting, make, papers, prescribing
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
OTHER = [{"code": "I25.1", "name": "动脉硬化性心脏病"}]


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        act(*args, **kwargs)
    refusal.value.keep()  # as the door's handler does once everything else is undone


@pytest.fixture
def way():
    """By a paper of another hospital: refused, let through, revoked, once more, prescribed."""
    who = consulting.person("张华", "13800006640", date(1969, 5, 4))
    user = consulting.account("13800006640", "张华")
    patient = consulting.known(user, who)
    doctor, pharmacist = make.doctor(), make.pharmacist()
    refused(consulting.ordered, user, patient, doctor)  # nothing is known
    paper = papers.confirmed(papers.handed_in(user, patient), doctor)
    visit = consulting.paid(consulting.ordered(user, patient, doctor))
    patients.revoke_evidence(paper, why="是另一个人的病历。", by=doctor.user, at=NOON)
    refused(consulting.opened, visit)  # judged again when accepting
    papers.confirmed(papers.handed_in(user, patient), doctor)
    policy.publish({"followup_window_days": 90}, by=make.medical_affairs(), at=NOON, note="缩短")
    visit = consulting.opened(visit)  # under the next version
    cast = prescribing.Cast(user, patient, doctor, pharmacist, visit)
    refused(prescribing.signed, cast, diagnoses=OTHER)  # and when prescribing
    said = {"first": "I10", "second": "I25.1", "why": "同一次住院，编码不同"}
    patients.name_one_disease(patient, by=doctor.user, at=NOON, **said)
    prescribing.signed(cast, diagnoses=OTHER)
    consultations.close(visit, by=doctor.user, at=NOON)
    later = NOON + timedelta(days=1)
    consulting.ordered(user, patient, doctor, diagnoses=["I25.1"], at=later)
    return Decision.objects.order_by("pk")


def test_every_decision_of_the_way_replays_to_the_same_bytes(way):
    told = [(each.kind, each.outcome, each.policy.number) for each in way]
    assert told == [
        ("eligibility", "block", 1),
        ("eligibility", "pass", 1),
        ("eligibility", "block", 1),
        ("eligibility", "pass", 2),
        ("prescription.sign", "block", 2),
        ("prescription.sign", "pass", 2),
        ("eligibility", "pass", 2),
    ]
    assert [each.pk for each in way if not policy.replay(each)] == []


def test_a_decision_of_which_one_byte_was_changed_does_not(way):
    """The control: other facts, another version, other findings are each found out."""
    last = way.filter(outcome="block").last()
    for name, value in (
        ("facts", last.facts.replace('"I10"', '"I11"')),
        ("findings", last.findings.replace('"block"', '"info"')),
        ("outcome", "pass"),
        ("policy_id", way.first().policy_id),
    ):
        changed = Decision.objects.get(pk=last.pk)
        assert getattr(changed, name) != value, name
        setattr(changed, name, value)
        assert not policy.replay(changed), name


def test_the_facts_say_which_paper_and_whose_word_it_rests_on(way):
    by_paper, by_word = way.filter(outcome="pass").first(), way.last()
    assert '"paper":"' in by_paper.facts
    assert '"hospital":"other"' in by_paper.facts
    assert '"same_diseases":[["I10","I25.1"]]' in by_word.facts
    assert canonical([]) == by_paper.findings
    assert "same-disease" in by_word.findings


def test_a_decision_says_up_to_when_the_mirror_was_true(way):
    """Beside the facts, not among them: the same facts are the same bytes on another day."""
    user, patient = consulting.wang()
    doctor = make.doctor("linyi", "林一")
    told = []
    for at in (NOON, NOON + timedelta(minutes=1)):
        patient.person.pulled_at = at
        judged = consultations.judge(user, patient, doctor, "followup", [], False, at=NOON)
        kept = judging.keeper(
            judged, on=None, by=user, at=NOON, about=patient.public_id, stream=None
        )
        told.append(kept())
    assert [each.data_version for each in told] == [
        "his-mirror@2026-03-10T04:00:00Z",
        "his-mirror@2026-03-10T04:01:00Z",
    ]
    assert told[0].facts == told[1].facts
    assert all(map(policy.replay, told))
    assert replace(judged, as_of=None).data == "his-mirror", "nobody knows of when"


def test_every_kind_of_decision_that_there_is_was_taken_on_the_way(way):
    assert {each.kind for each in way} == replays.kinds()


def test_no_decision_is_kept_that_could_not_be_taken_again(way):
    last = way.last()
    with pytest.raises(AssertionError, match="poem"):
        policy.keep(
            "poem",
            on=None,
            by=None,
            at=NOON,
            about=None,
            stream=None,
            outcome="pass",
            facts={},
            findings=[],
            data_version="",
            engine_version="",
            policy=last.policy,
            rules=[],
        )
