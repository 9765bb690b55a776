"""Decision cases: the rulings of the contract, one question and its answer each."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from prescriptions.cases import Malformed, answer, documents, read
from prescriptions.management.commands.check_prescription import Command
from prescriptions.rules import decide

CASES = Path(__file__).parent / "cases"
RULINGS = [
    (file.stem, json.loads(text))
    for file in sorted(CASES.glob("*.jsonl"))
    for text in file.read_text().splitlines()
]


@pytest.mark.parametrize(
    ("ruling", "question"), RULINGS, ids=[f"{stem}: {each['name']}" for stem, each in RULINGS]
)
def test_the_ruling_is_followed(ruling, question):
    expected = question.pop("expect")
    decision = decide(read(question))
    found = {finding.rule: str(finding.severity) for finding in reversed(decision.findings)}
    assert decision.outcome == expected["decision"]
    for rule, severity in expected.get("findings", {}).items():
        assert found.get(rule) == severity, found
    assert decision.must_terminate == expected.get("terminate", False)


MALFORMED = [
    ({"colour": 1}, "/colour"),
    ({"patient": {"sex": "other"}}, "/patient/sex"),
    ({"patient": {"weight_kg": -1}}, "/patient/weight_kg"),
    ({"patient": {"egfr": "90"}}, "/patient/egfr"),
    ({"patient": {"egfr": True}}, "/patient/egfr"),
    ({"patient": {"birth_date": "2025-03-11"}}, "/patient/birth_date"),
    ({"patient": {"birth_date": "yesterday"}}, "/patient/birth_date"),
    ({"patient": {"pregnancy": "yes"}}, "/patient/pregnancy"),
    ({"patient": {"allergies": [{"reaction": "mild"}]}}, "/patient/allergies/0/to"),
    ({"patient": {"allergies": [{"to": "青霉素"}]}}, "/patient/allergies/0/reaction"),
    ({"patient": {"a/b~c": 1}}, "/patient/a~1b~0c"),
    ({"visit": {"evidence": [{"days_ago": -1}]}}, "/visit/evidence/0/days_ago"),
    ({"visit": {"diagnoses": [10]}}, "/visit/diagnoses/0"),
    ({"doctor": {"independent_practice_years": -3}}, "/doctor/independent_practice_years"),
    ({"doctor": {"identity_verified_minutes_ago": -1}}, "/doctor/identity_verified_minutes_ago"),
    ({"prescription": {"lines": []}}, "/prescription/lines"),
    ({"prescription": {"lines": [{"drug": "仙丹"}]}}, "/prescription/lines/0/drug"),
    ({"prescription": {"lines": [{"strength": 6}]}}, "/prescription/lines/0/strength"),
    ({"prescription": {"lines": [{"dose": 0}]}}, "/prescription/lines/0/dose"),
    ({"prescription": {"lines": [{"days": 0}]}}, "/prescription/lines/0/days"),
    ({"prescription": {"lines": [{"days": 7.5}]}}, "/prescription/lines/0/days"),
    ({"prescription": {"lines": [{"frequency": "hourly"}]}}, "/prescription/lines/0/frequency"),
    ({"prescription": {"extension_days": -1}}, "/prescription/extension_days"),
    ({"policy": {"speed": 1}}, "/policy/speed"),
    ({"policy": {"retail_ban": "sometimes"}}, "/policy/retail_ban"),
    ({"at": "2025-03-10T10:00:00"}, "/at"),
    ([], ""),
]


@pytest.mark.parametrize(("case", "pointer"), MALFORMED, ids=lambda value: str(value))
def test_what_is_malformed_is_named_by_its_pointer(case, pointer):
    with pytest.raises(Malformed) as refusal:
        read(case)
    assert pointer in [problem.pointer for problem in refusal.value.problems]


def test_every_problem_of_a_case_is_named_at_once():
    with pytest.raises(Malformed) as refusal:
        read({"at": 1, "patient": {"sex": 2}, "doctor": {"title": None}, "x": 1})
    pointers = [problem.pointer for problem in refusal.value.problems]
    assert pointers == ["/at", "/patient/sex", "/doctor/title", "/x"]


def test_an_answer_is_one_line_of_canonical_json():
    line = answer(decide(read({"visit": {"evidence": []}})), "试方")
    found = json.loads(line)
    assert line == json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert found["name"] == "试方"
    assert found["findings"][0]["terminate"] is True
    assert {"policy_version", "data_version", "engine_version"} < set(found)


def test_a_huge_exponent_is_refused_without_being_computed():
    (document,) = documents("x.json", '{"prescription": {"lines": [{"dose": 1e999999999}]}}')
    with pytest.raises(Malformed):
        read(document.content)


def test_the_day_is_the_day_in_beijing():
    utc = datetime(2025, 3, 9, 16, tzinfo=UTC).isoformat()
    assert read({"at": utc, "patient": {"birth_date": "2019-03-10"}}).age == 6


def judged(*files) -> tuple[int, list[str], list[str]]:
    out, err = StringIO(), StringIO()
    try:
        call_command(Command(), *map(str, files), stdout=out, stderr=err)
        code = 0
    except SystemExit as end:
        code = end.code
    return code, out.getvalue().splitlines(), err.getvalue().splitlines()


def test_the_command_judges_every_line_of_a_file(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"name": "a"}\n\n{"name": "b"}\n')
    code, answers, problems = judged(file)
    assert (code, problems) == (0, [])
    assert [json.loads(each)["name"] for each in answers] == ["a", "b"]


def test_the_command_says_what_is_malformed_and_judges_the_others(tmp_path):
    broken, pretty = tmp_path / "a.jsonl", tmp_path / "b.json"
    broken.write_text('{"name": "a"}\n{"nme": 1, "at": 2}\n{{{\n{"name": "d"}\n')
    pretty.write_text('{\n  "name": "e"\n}\n')
    code, answers, problems = judged(broken, pretty, tmp_path / "none.json")
    assert code == 2
    assert [json.loads(each)["name"] for each in answers] == ["a", "d", "e"]
    assert [problem.split(": ")[1] for problem in problems] == ["/at", "/nme", "/", "/"]
    assert problems[0].startswith(f"{broken}:2: ")


def test_a_key_given_twice_is_malformed():
    (document,) = documents("x.json", '{"name": "a", "name": "b"}')
    assert document.problem
