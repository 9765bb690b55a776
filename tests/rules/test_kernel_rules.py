"""How rules and lifecycles work, on the smallest of each."""

import pytest

from hospital.kernel.lifecycle import Face, Lifecycle
from hospital.kernel.refusals import RuleBroken, WrongState
from hospital.kernel.rules import (
    Severity,
    block,
    blocking,
    check,
    enforce,
    info,
    reason,
    rule,
    worst,
)


@rule(id="T-EVEN", register="E02", source="某法 第一条", says="应为偶数。", says_en="Even, please.")
def even(n):
    if n % 2:
        yield block(evidence={"n": n})


@rule(id="T-SMALL", register="E01", source="某法 第二条", says="应小于十。", says_en="Below ten.")
def small(n):
    if n >= 10:
        yield block(1)
        yield info(0)
    elif n >= 5:
        yield reason()


def test_findings_come_in_the_order_of_the_register_then_of_the_lines():
    found = check((even, small), 11)
    assert [(f.rule, f.line) for f in found] == [("T-SMALL", 0), ("T-SMALL", 1), ("T-EVEN", None)]


@pytest.mark.parametrize(("n", "gravest"), [(2, None), (6, Severity.REASON), (7, Severity.BLOCK)])
def test_the_worst_finding_decides(n, gravest):
    assert worst(check((even, small), n)) == gravest


def test_every_broken_rule_is_named_at_once():
    with pytest.raises(RuleBroken) as refused:
        enforce(check((even, small), 11))
    assert refused.value.facts["rules"] == ["T-SMALL", "T-EVEN"]
    assert refused.value.message == "应小于十。 应为偶数。"


def test_what_needs_a_reason_does_not_block():
    found = check((even, small), 6)
    enforce(found)
    assert not blocking(found)


def test_a_finding_tells_a_program_everything():
    (finding,) = check((even,), 3)
    assert finding.as_dict() == {
        "rule": "T-EVEN",
        "register": "E02",
        "law": "某法 第一条",
        "severity": "block",
        "line": None,
        "says": "应为偶数。",
        "says_en": "Even, please.",
        "todo": "",
        "evidence": {"n": 3},
    }


DOOR = Lifecycle(
    {("shut", "open"): "open", ("open", "shut"): "shut"},
    faces={"shut": Face("关着", "Shut", "mute", "x"), "open": Face("开着", "Open", "ok", "check")},
)


def test_a_step_in_the_table_leads_to_its_state():
    assert DOOR.after("shut", "open") == "open"
    assert DOOR.steps_from("open") == {"shut"}
    assert DOOR.states == {"open", "shut"}


def test_a_step_that_is_not_in_the_table_is_refused_with_the_state_in_words():
    with pytest.raises(WrongState) as refused:
        DOOR.after("open", "open")
    assert "开着" in refused.value.message
    assert refused.value.facts == {"state": "open", "step": "open"}
