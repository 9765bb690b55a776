"""Records go when their term is over and nobody disputes them (R-19), and not a day before."""

from django.db import migrations

from hospital.kernel.definers import purge

RULES = """
CREATE FUNCTION patients_is_held(patient bigint, visit uuid) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
    -- without a visit: whether anything of this patient is
    SELECT EXISTS (
        SELECT FROM patients_legalhold h
        WHERE h.patient_id = patient AND h.state = 'standing'
          AND (h.stream IS NULL OR visit IS NULL OR h.stream = visit))
$$;
CREATE FUNCTION patients_record_is_over(patient bigint, due timestamptz) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
    -- fifteen years after the last visit, here or in the hospital itself
    SELECT GREATEST(
            p.recorded_at,
            (SELECT max(v.at) FROM patients_onlinevisit v WHERE v.patient_id = p.id),
            (SELECT max(v.at) FROM his_visit v WHERE v.person_id = p.person_id)
        ) + interval '15 years' <= due AND NOT patients_is_held(p.id, NULL)
    FROM patients_patient p WHERE p.id = patient
$$;
"""
TABLES = (
    "patients_medicine", "patients_onlinevisit", "patients_allergy", "patients_consent",
    "patients_export", "patients_correction", "patients_sealed", "patients_legalhold",
    "patients_recordgrant", "patients_share", "patients_glass", "patients_link",
    "patients_patient",
)  # fmt: skip
RECORDS = """
    FOR r IN SELECT p.id FROM patients_patient p
        WHERE p.id > after AND p.recorded_at + interval '15 years' <= due
        ORDER BY p.id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        seen := r.id;
        CONTINUE WHEN NOT patients_record_is_over(r.id, due);
        DELETE FROM patients_medicine WHERE patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        DELETE FROM patients_onlinevisit WHERE patient_id = r.id;
        GET DIAGNOSTICS n = ROW_COUNT; gone := gone + n;
        -- who still comes here keeps what they told of themselves
        CONTINUE WHEN EXISTS (
            SELECT FROM patients_link WHERE patient_id = r.id AND ended_at IS NULL);
        BEGIN
            DELETE FROM patients_allergy WHERE patient_id = r.id;
            DELETE FROM patients_consent WHERE patient_id = r.id;
            DELETE FROM patients_export WHERE patient_id = r.id;
            DELETE FROM patients_correction WHERE patient_id = r.id;
            DELETE FROM patients_sealed WHERE hold_id IN (
                SELECT id FROM patients_legalhold WHERE patient_id = r.id);
            DELETE FROM patients_legalhold WHERE patient_id = r.id;
            DELETE FROM patients_recordgrant WHERE content_object_id = r.id;
            DELETE FROM patients_share WHERE patient_id = r.id;
            DELETE FROM patients_glass WHERE patient_id = r.id;
            DELETE FROM patients_link WHERE patient_id = r.id;
            DELETE FROM patients_patient WHERE id = r.id;
            SET CONSTRAINTS ALL IMMEDIATE;
            gone := gone + 1;
        EXCEPTION WHEN foreign_key_violation THEN
            NULL;  -- a room above still keeps something of theirs: another night
        END;
        SET CONSTRAINTS ALL DEFERRED;
    END LOOP;
"""


class Migration(migrations.Migration):
    dependencies = [("patients", "0006_rights")]

    operations = [
        migrations.RunSQL(
            RULES,
            "DROP FUNCTION patients_record_is_over(bigint, timestamptz);"
            "DROP FUNCTION patients_is_held(bigint, uuid);",
        ),
        purge("patients_purge_records", tables=TABLES, body=RECORDS),
    ]
