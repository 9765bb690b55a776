"""An upload is a record of the process: it goes three years after it was acknowledged (R-20)."""

from django.db import migrations

from hospital.kernel.definers import purge
from hospital.kernel.roles import grant

PROCESS = """
    FOR r IN SELECT u.id, u.stream FROM regulator_upload u
        WHERE u.id > after AND u.acknowledged_at + interval '3 years' <= due
        ORDER BY u.id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        seen := r.id;
        CONTINUE WHEN EXISTS (
            SELECT FROM consultations_consultation c
            WHERE c.public_id = r.stream AND patients_is_held(c.patient_id, c.public_id));
        DELETE FROM regulator_upload WHERE id = r.id;
        gone := gone + 1;
    END LOOP;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("regulator", "0003_sealed_words"),
        ("consultations", "0004_retention"),
    ]

    operations = [
        grant("regulator_upload", to_runtime="SELECT, INSERT, UPDATE"),
        purge("regulator_purge_process", tables=["regulator_upload"], body=PROCESS),
    ]
