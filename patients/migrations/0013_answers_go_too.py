"""What somebody told question by question goes with their record (R-19)."""

from importlib import import_module

from django.db import migrations

from hospital.kernel.definers import purge

_before = import_module("patients.migrations.0007_retention")
_ALLERGIES = "DELETE FROM patients_allergy WHERE patient_id = r.id;"
RECORDS = _before.RECORDS.replace(
    _ALLERGIES,
    f"""DELETE FROM patients_answer WHERE patient_id = r.id;
            {_ALLERGIES}""",
)
assert RECORDS != _before.RECORDS, "the earlier function reads otherwise"


class Migration(migrations.Migration):
    dependencies = [("patients", "0012_of_age")]

    operations = [
        purge(
            "patients_purge_records", tables=("patients_answer", *_before.TABLES), body=RECORDS
        ),
    ]
