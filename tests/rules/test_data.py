"""docs/data.csv: the class of every column, and that what is sensitive is sealed and not shown."""

import csv
from collections import Counter

import pytest
from django.apps import apps
from drf_spectacular.generators import SchemaGenerator

import admin_portal.admin  # noqa: F401 - registers the tables
from admin_portal.site import site
from hospital.accounts.access import ENTRIES
from hospital.kernel.encrypted import BlindIndexField, EncryptedTextField
from tests.databases import ROOT

FILE = ROOT / "docs" / "data.csv"
COLUMNS = ["model", "field", "class", "purpose", "kept", "plain"]
CLASSES = {"public", "internal", "sensitive", "secret"}
KEPT = {"service-record-15y", "process-3y", "log-6m", "account", "reference", "until-used"}
NOT_OURS = {"auth", "contenttypes", "guardian", "admin"}
CARE = {"patient", "doctor", "pharmacist"}


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def fields():
    """Every column of ours: `("patients.Patient", "name")` and its field."""
    for model in apps.get_models():
        if model._meta.app_label not in NOT_OURS:
            for field in model._meta.local_concrete_fields:
                yield (model._meta.label, field.name), field


def is_closed(field) -> bool:
    return isinstance(field, EncryptedTextField | BlindIndexField)


def faults(told: list[dict[str, str]]) -> set[str]:
    """What is wrong with the table, each in a word; nothing for the one in the repository."""
    known, real = {(row["model"], row["field"]): row for row in told}, dict(fields())
    wrong = {f"no row: {'.'.join(each)}" for each in real.keys() - known.keys()}
    wrong |= {f"no column: {'.'.join(each)}" for each in known.keys() - real.keys()}
    for each in known.keys() & real.keys():
        row, is_sealed = known[each], is_closed(real[each])
        guarded = row["class"] in ("sensitive", "secret")
        if guarded and not is_sealed and not row["plain"]:
            wrong.add(f"in plain: {'.'.join(each)}")
        if is_sealed and not guarded:
            wrong.add(f"sealed without a reason: {'.'.join(each)}")
        if guarded and is_sealed and row["plain"]:
            wrong.add(f"a needless excuse: {'.'.join(each)}")
    return wrong


def test_every_column_has_its_class_and_what_is_sensitive_is_sealed():
    assert faults(rows()) == set()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda told: told.pop(), "no row: "),
        (lambda told: told.append(told[0] | {"field": "gone"}), "no column: "),
        (lambda told: reclass(told, "patients.Link", "relation", "sensitive"), "in plain: "),
        (lambda told: reclass(told, "patients.Patient", "name", "internal"), "sealed "),
    ],
)
def test_a_table_that_is_wrong_is_found_out(change, fault):
    told = rows()
    change(told)
    assert [each for each in faults(told) if each.startswith(fault)]


def reclass(told: list[dict[str, str]], model: str, field: str, to: str) -> None:
    for row in told:
        if (row["model"], row["field"]) == (model, field):
            row["class"] = to


def test_the_words_of_the_table_are_its_own():
    told = rows()
    assert list(told[0]) == COLUMNS
    assert {row["class"] for row in told} == CLASSES
    assert {row["kept"] for row in told} <= KEPT
    assert all(row["purpose"].strip() for row in told)
    twice = Counter((row["model"], row["field"]) for row in told)
    assert max(twice.values()) == 1


GUARDED = {
    (row["model"], row["field"]) for row in rows() if row["class"] in ("sensitive", "secret")
}
# Words that are opened for whom a table is for, and addresses of the network.
CLEARED = {
    ("regulator.Upload", "error"): {"it", "medical_affairs"},
    ("regulator.Upload", "note"): {"it", "medical_affairs"},
    ("doctors.Credential", "why"): {"medical_affairs"},
    ("doctors.Privilege", "ground"): {"medical_affairs"},
    ("doctors.Privilege", "why"): {"medical_affairs"},
    ("doctors.Import", "name"): {"medical_affairs"},
    ("doctors.Import", "why"): {"medical_affairs"},
    ("audit.Event", "ip"): {"audit_admin"},
    ("audit.Alarm", "whose"): {"audit_admin"},
    ("audit.Stranger", "address"): {"audit_admin"},
}


def test_no_table_of_the_back_office_shows_a_role_what_it_is_not_cleared_for():
    shown = 0
    for model, table in site._registry.items():
        roles = set(ENTRIES[table.access].roles) if table.access else set()
        names = {*type(table).list_display, *type(table).shows}
        for name in {getattr(each, "__name__", each).removeprefix("opened_") for each in names}:
            column = (model._meta.label, name)
            if column in GUARDED:
                shown += 1
                assert roles <= CLEARED.get(column, set()), column
    assert shown  # the control: some are


# Words under which personal data leaves a JSON door; `name` alone is a drug's, a department's, too.
PERSONAL = {
    field for model, field in GUARDED if model.split(".")[0] in ("patients", "consultations", "his")
} - {"name", "text", "to", "reason", "note", "answer", "title", "why", "what", "body"}


def told_by_doors():
    """Each JSON door's access, and the words that its answers hold, from the schema it declares."""
    generator = SchemaGenerator()
    schema = generator.get_schema(public=True)
    for path, _regex, method, view in generator._get_paths_and_endpoints():
        if path not in schema["paths"]:
            continue  # the schema itself
        answers = schema["paths"][path][method.lower()]["responses"]
        done = [answers[code] for code in answers if code.startswith("2")]
        yield type(view), method, words_in(done, schema["components"]["schemas"])


def words_in(part, components) -> set[str]:
    """The names of properties, through references."""
    if isinstance(part, list):
        return set().union(*(words_in(each, components) for each in part))
    if not isinstance(part, dict):
        return set()
    if "$ref" in part:
        return words_in(components[part["$ref"].rpartition("/")[2]], components)
    own = set(part["properties"]) if isinstance(part.get("properties"), dict) else set()
    return own.union(*(words_in(each, components) for each in part.values()))


def test_no_json_door_tells_a_manager_what_identifies_or_is_clinical():
    seen = set()
    for view, method, words in told_by_doors():
        access = view.access if isinstance(view.access, str) else view.access[method]
        told, roles = words & PERSONAL, set(ENTRIES[access].roles)
        seen |= told
        assert not told or roles <= CARE, (view, told, roles)
    assert {"birth_date", "complaint"} <= seen  # the control: patients and doctors are told
