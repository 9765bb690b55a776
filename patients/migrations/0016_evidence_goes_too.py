"""Runtime adds papers and takes steps on them; they go with the record whose term is over (R-19)."""

from importlib import import_module

from django.db import migrations

from hospital.kernel.definers import purge
from hospital.kernel.roles import grant

_before = import_module("patients.migrations.0013_answers_go_too")
_LINKS = "DELETE FROM patients_link WHERE patient_id = r.id;"
_GONE = "gone := gone + 1;"
_OTHER = "BEGIN\n            DELETE FROM patients_answer"
RECORDS = (
    _before.RECORDS.replace(
        _OTHER,
        """BEGIN
            SELECT COALESCE(array_agg(f.public_id), '{}') INTO more
                FROM files_file f JOIN patients_evidencepage g ON g.file_id = f.id
                JOIN patients_evidence e ON e.id = g.evidence_id WHERE e.patient_id = r.id;
            DELETE FROM patients_evidencepage WHERE evidence_id IN (
                SELECT id FROM patients_evidence WHERE patient_id = r.id);
            DELETE FROM files_file WHERE public_id = ANY (more);
            DELETE FROM patients_evidence WHERE patient_id = r.id;
            DELETE FROM patients_samedisease WHERE patient_id = r.id;
            DELETE FROM patients_answer""",
    )
    # files are forgotten only where the rows truly went
    .replace(_GONE, f"{_GONE} bytes := bytes || more;")
)
assert RECORDS.count("patients_evidencepage") == 2, "the earlier function reads otherwise"
assert RECORDS.count("bytes := bytes || more") == 1, "the earlier function reads otherwise"
TABLES = (
    "patients_evidencepage",
    "files_file",
    "patients_evidence",
    "patients_samedisease",
    "patients_answer",
    *import_module("patients.migrations.0007_retention").TABLES,
)


class Migration(migrations.Migration):
    dependencies = [("patients", "0015_evidence"), ("files", "0003_new_keys_pass")]

    operations = [
        grant("patients_evidence", to_runtime="SELECT, INSERT, UPDATE"),
        grant("patients_evidencepage", to_runtime="SELECT, INSERT"),
        grant(
            "patients_samedisease",
            to_runtime="SELECT, INSERT, UPDATE (taken_back_at, taken_back_by_id)",
        ),
        purge("patients_purge_records", tables=TABLES, body=RECORDS),
    ]
