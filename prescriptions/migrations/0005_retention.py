"""A prescription is part of the record: it goes with it, fifteen years after the last visit (R-19)."""

from django.db import migrations

from hospital.kernel.definers import purge
from hospital.kernel.roles import grant

TABLES = (
    "prescriptions_track", "prescriptions_delivery", "prescriptions_dispensing",
    "prescriptions_line", "prescriptions_prescription",
)  # fmt: skip
RECORDS = """
    FOR r IN SELECT p.id FROM patients_patient p
        WHERE p.id > after AND p.recorded_at + interval '15 years' <= due
        ORDER BY p.id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        seen := r.id;
        CONTINUE WHEN NOT patients_record_is_over(r.id, due);
        DELETE FROM prescriptions_track t USING prescriptions_delivery d, prescriptions_prescription x
            WHERE t.delivery_id = d.id AND d.prescription_id = x.id AND x.patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM prescriptions_delivery d USING prescriptions_prescription x
            WHERE d.prescription_id = x.id AND x.patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM prescriptions_dispensing d USING prescriptions_prescription x
            WHERE d.prescription_id = x.id AND x.patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM prescriptions_line l USING prescriptions_prescription x
            WHERE l.prescription_id = x.id AND x.patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM prescriptions_prescription WHERE patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
    END LOOP;
"""


class Migration(migrations.Migration):
    dependencies = [("prescriptions", "0004_sealed_words"), ("patients", "0007_retention")]

    operations = [
        grant("prescriptions_prescription", to_runtime="SELECT, INSERT, UPDATE"),
        grant("prescriptions_dispensing", to_runtime="SELECT, INSERT"),
        grant("prescriptions_delivery", to_runtime="SELECT, INSERT, UPDATE"),
        grant("prescriptions_track", to_runtime="SELECT, INSERT"),
        purge("prescriptions_purge_records", tables=TABLES, body=RECORDS),
    ]
