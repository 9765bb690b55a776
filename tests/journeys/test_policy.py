import json
from dataclasses import asdict, fields

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from hospital.accounts import services as accounts
from hospital.kernel.refusals import NotAllowed, Refused, WrongState
from hospital.policy import replays, selectors, services
from hospital.policy.models import Decision, Version
from hospital.policy.values import Policy, all_settings
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def medical_affairs():
    return accounts.add_staff(
        "yiwuchu",
        name="医务处",
        password="a long enough secret",
        roles=["medical_affairs"],
        by=None,
        at=NOON,
    )


@pytest.fixture
def doctor():
    return accounts.add_staff(
        "chensiyuan",
        name="陈思远",
        password="a long enough secret",
        roles=["doctor"],
        by=None,
        at=NOON,
    )


@pytest.fixture(autouse=True)
def test_kind(monkeypatch):
    """A kind of decision of these tests' own, which nobody else meets."""
    monkeypatch.setitem(replays._replays, "test.kind", lambda _facts, _policy: ("pass", []))


def kept(policy, **changes):
    given = {
        "on": policy,
        "by": None,
        "at": NOON,
        "about": None,
        "stream": None,
        "outcome": "pass",
        "facts": {"age": 68, "diagnoses": ["I10"]},
        "findings": [],
        "data_version": "2026-03",
        "engine_version": "1",
        "policy": policy,
        "rules": [],
    }
    return services.keep("test.kind", **(given | changes))


def test_a_new_hospital_has_the_defaults_as_version_one():
    now = selectors.current()
    assert (now.number, now.values) == (1, Policy())


def test_publishing_makes_a_new_version_and_leaves_the_old_one(medical_affairs, trail):
    services.publish({"followup_window_days": 90}, by=medical_affairs, at=NOON, note="与线下一致")
    now = selectors.current()
    assert (now.number, now.values.followup_window_days) == (2, 90)
    assert Version.objects.get(number=1).values["followup_window_days"] == 180
    (event,) = trail("policy.publish")
    assert (event.facts["number"], event.facts["names"]) == (2, ["followup_window_days"])


def test_only_medical_affairs_publish(doctor):
    with pytest.raises(NotAllowed):
        services.publish({"followup_window_days": 90}, by=doctor, at=NOON, note="")


@pytest.mark.parametrize(
    "changes",
    [
        {"followup_window": 90},
        {"followup_window_days": 0},
        {"followup_window_days": True},
        {"followup_window_days": 90.0},
        {"followup_window_days": "1_0"},
        {"young_child_age": 5},
        {"min_practice_years": 2},
        {"general_supply_days": 8},
        {"exclusion_profile": "everything"},
        {"exclusion_profile": ["none"]},
        {"followup_same_department": 1},
        {"followup_same_department": "true"},
        {"followup_window_days": 180},
        {},
    ],
)
def test_what_is_unknown_misshapen_out_of_bounds_or_no_change_is_refused(medical_affairs, changes):
    with pytest.raises(Refused):
        services.publish(changes, by=medical_affairs, at=NOON, note="")
    assert selectors.current().number == 1


def test_two_who_publish_at_once_do_not_overwrite_each_other(medical_affairs, monkeypatch):
    seen = selectors.current()
    services.publish({"max_lines": 4}, by=medical_affairs, at=NOON, note="")
    monkeypatch.setattr(selectors, "current", lambda: seen)
    with pytest.raises(WrongState):
        services.publish({"pay_minutes": 20}, by=medical_affairs, at=NOON, note="")


def test_an_old_version_without_a_younger_name_reads_as_its_default():
    assert Policy.of({"max_lines": 4, "a_name_we_dropped": 1}) == Policy(max_lines=4)


def test_every_value_has_words_beside_it():
    assert set(all_settings()) == {f.name for f in fields(Policy)} == set(asdict(Policy()))
    for setting in all_settings().values():
        assert str(setting.label)
        assert str(setting.help)
        assert str(setting.set_by)


def test_the_database_lets_nobody_change_a_version_or_a_decision(medical_affairs):
    policy = selectors.current().version
    decision = kept(policy)
    for rows in (Version.objects.filter(pk=policy.pk), Decision.objects.filter(pk=decision.pk)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(public_id=medical_affairs.public_id)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_the_database_knows_three_outcomes():
    with pytest.raises(IntegrityError), transaction.atomic():
        kept(selectors.current().version, outcome="maybe")


def test_a_decision_is_kept_with_what_it_rests_on():
    policy = selectors.current().version
    decision = Decision.objects.get(pk=kept(policy, outcome="block", rules=["RX-TEST"]).pk)
    assert json.loads(decision.facts) == {"age": 68, "diagnoses": ["I10"]}
    assert (decision.subject, decision.rules) == (f"policy.version:{policy.public_id}", ["RX-TEST"])


def test_a_decision_taken_again_gives_the_same_bytes(medical_affairs):
    def judge(facts, policy):
        late = facts["days_ago"] > policy.followup_window_days
        return ("block", [{"rule": "VISIT-FOLLOW-UP"}]) if late else ("pass", [])

    replays.register("test.kind", judge)
    policy = selectors.current().version
    facts = {"days_ago": 100}
    right = kept(policy, facts=facts)
    wrong = kept(policy, facts=facts, outcome="block", findings=[{"rule": "VISIT-FOLLOW-UP"}])
    services.publish({"followup_window_days": 90}, by=medical_affairs, at=NOON, note="")
    assert services.replay(Decision.objects.get(pk=right.pk))
    assert not services.replay(Decision.objects.get(pk=wrong.pk))
