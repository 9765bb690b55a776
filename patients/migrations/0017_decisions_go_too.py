"""Why somebody was protected, and who saw their details in full, goes with the record (R-19)."""

from importlib import import_module

from django.db import migrations

from hospital.kernel.definers import purge

_before = import_module("patients.migrations.0016_evidence_goes_too")
_ANSWERS = "DELETE FROM patients_answer"
_GONE = ("patients_protection", "patients_unmasking")
RECORDS = _before.RECORDS.replace(
    _ANSWERS,
    "".join(f"DELETE FROM {table} WHERE patient_id = r.id;\n            " for table in _GONE)
    + _ANSWERS,
)
assert RECORDS.count(_GONE[0]) == 1, "the earlier function reads otherwise"


class Migration(migrations.Migration):
    dependencies = [("patients", "0016_evidence_goes_too")]

    operations = [
        purge("patients_purge_records", tables=(*_GONE, *_before.TABLES), body=RECORDS),
    ]
