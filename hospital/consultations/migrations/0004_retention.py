"""What was said goes three years after a visit (R-20), the visit itself with the record (R-19)."""

from django.db import migrations

from hospital.kernel.definers import purge
from hospital.kernel.roles import grant

# Words, pictures and ratings of one visit; the order of the deletions is that of the references.
_SAID = """
        DELETE FROM consultations_message WHERE consultation_id = {visit};
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM consultations_rating WHERE consultation_id = {visit};
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM consultations_reading WHERE consultation_id = {visit};
        WITH dropped AS (
            DELETE FROM files_file WHERE kind = 'consultation' AND stream = {stream}
            RETURNING public_id)
        SELECT array_agg(public_id), count(*) INTO more, n FROM dropped;
        bytes := bytes || COALESCE(more, '{{}}'); gone := gone + n;
"""
PROCESS = (
    """
    FOR r IN SELECT c.id, c.public_id, c.patient_id FROM consultations_consultation c
        JOIN patients_patient p ON p.id = c.patient_id
        WHERE c.id > after AND c.ended_at + interval '3 years' <= due
        ORDER BY c.id LIMIT most FOR NO KEY UPDATE OF p SKIP LOCKED
    LOOP
        seen := r.id;
        CONTINUE WHEN patients_is_held(r.patient_id, r.public_id);
"""
    + _SAID.format(visit="r.id", stream="r.public_id")
    + """
    END LOOP;
"""
)
RECORDS = (
    """
    FOR r IN SELECT p.id, p.public_id FROM patients_patient p
        WHERE p.id > after AND p.recorded_at + interval '15 years' <= due
        ORDER BY p.id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        seen := r.id;
        CONTINUE WHEN NOT patients_record_is_over(r.id, due);
        CONTINUE WHEN EXISTS (
            SELECT FROM consultations_consultation
            WHERE patient_id = r.id AND (ended_at IS NULL OR ended_at + interval '3 years' > due));
        FOR v IN SELECT id, public_id FROM consultations_consultation WHERE patient_id = r.id
        LOOP
            BEGIN
"""
    + _SAID.format(visit="v.id", stream="v.public_id")
    + """
                DELETE FROM consultations_consultation WHERE id = v.id;
                SET CONSTRAINTS ALL IMMEDIATE;
                gone := gone + 1;
            EXCEPTION WHEN foreign_key_violation THEN
                NULL;  -- its prescriptions are still there: another night
            END;
            SET CONSTRAINTS ALL DEFERRED;
        END LOOP;
        DELETE FROM policy_decision d WHERE d.about = r.public_id AND NOT EXISTS (
            SELECT FROM consultations_consultation WHERE patient_id = r.id);
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
    END LOOP;
"""
)
OF_A_VISIT = (
    "consultations_message", "consultations_rating", "consultations_reading", "files_file",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_new_keys_pass"),
        ("files", "0002_append_only"),
        ("patients", "0007_retention"),
        ("policy", "0002_append_only"),
    ]

    operations = [
        # Without DELETE a setting of the trigger library's own helps nobody past its triggers.
        grant("consultations_message", to_runtime="SELECT, INSERT"),
        grant("consultations_rating", to_runtime="SELECT, INSERT"),
        grant("consultations_consultation", to_runtime="SELECT, INSERT, UPDATE"),
        purge("consultations_purge_process", tables=OF_A_VISIT, body=PROCESS),
        purge(
            "consultations_purge_records",
            tables=(*OF_A_VISIT, "consultations_consultation", "policy_decision"),
            body=RECORDS,
        ),
    ]
