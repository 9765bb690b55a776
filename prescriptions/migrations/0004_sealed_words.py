"""What the courier says is sealed; a new key passes the guards of what was signed."""

import hospital.kernel.encrypted
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from hospital.kernel.sealing import seal_existing


class Migration(migrations.Migration):

    dependencies = [
        ('prescriptions', '0003_lines_stand'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='prescription',
            name='signed_stands',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='prescription',
            name='review_stands',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='track',
            name='append_only',
        ),
        # Every row its own: a default of Django's would give all the same.
        migrations.SeparateDatabaseAndState(
            [
                migrations.RunSQL(
                    "ALTER TABLE prescriptions_track ADD COLUMN public_id uuid NOT NULL"
                    " DEFAULT gen_random_uuid() UNIQUE;"
                    " ALTER TABLE prescriptions_track ALTER COLUMN public_id DROP DEFAULT",
                    "ALTER TABLE prescriptions_track DROP COLUMN public_id",
                )
            ],
            [
                migrations.AddField(
                    model_name='track',
                    name='public_id',
                    field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                )
            ],
        ),
        migrations.AlterField(
            model_name='track',
            name='words',
            field=hospital.kernel.encrypted.EncryptedTextField(),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prescription',
            trigger=pgtrigger.compiler.Trigger(name='signed_stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.state <> 'draft' AND (OLD.kind IS DISTINCT FROM NEW.kind OR OLD.diagnoses IS DISTINCT FROM NEW.diagnoses OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.second_signature IS DISTINCT FROM NEW.second_signature OR OLD.long_term_evaluation IS DISTINCT FROM NEW.long_term_evaluation OR OLD.patient_confirmed_long_term IS DISTINCT FROM NEW.patient_confirmed_long_term OR OLD.extension_days IS DISTINCT FROM NEW.extension_days OR OLD.text IS DISTINCT FROM NEW.text OR OLD.digest IS DISTINCT FROM NEW.digest OR OLD.decision_id IS DISTINCT FROM NEW.decision_id OR OLD.signed_at IS DISTINCT FROM NEW.signed_at OR OLD.doctor_key IS DISTINCT FROM NEW.doctor_key OR OLD.doctor_signature IS DISTINCT FROM NEW.doctor_signature OR OLD.doctor_verification IS DISTINCT FROM NEW.doctor_verification OR OLD.valid_until IS DISTINCT FROM NEW.valid_until OR OLD.amount_fen IS DISTINCT FROM NEW.amount_fen)) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.reason, 'v1.') LIKE 'v1.%' AND coalesce(NEW.text, 'v1.') LIKE 'v1.%' AND coalesce(NEW.review_note, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{reason,text,review_note}'::text[] = to_jsonb(NEW) - '{reason,text,review_note}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d952f9c658a51fbb30e5072208e1256ae1683496', operation='UPDATE', pgid='pgtrigger_signed_stands_182d0', table='prescriptions_prescription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='prescription',
            trigger=pgtrigger.compiler.Trigger(name='review_stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.state <> 'signed' AND (OLD.reviewer_id IS DISTINCT FROM NEW.reviewer_id OR OLD.reviewed_at IS DISTINCT FROM NEW.reviewed_at OR OLD.review_note IS DISTINCT FROM NEW.review_note OR OLD.pharmacist_key IS DISTINCT FROM NEW.pharmacist_key OR OLD.pharmacist_signature IS DISTINCT FROM NEW.pharmacist_signature OR OLD.reviewed_digest IS DISTINCT FROM NEW.reviewed_digest)) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.reason, 'v1.') LIKE 'v1.%' AND coalesce(NEW.text, 'v1.') LIKE 'v1.%' AND coalesce(NEW.review_note, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{reason,text,review_note}'::text[] = to_jsonb(NEW) - '{reason,text,review_note}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d973ff3ac56ad2ccfc668a0a2d60f12b557086e8', operation='UPDATE', pgid='pgtrigger_review_stands_681ae', table='prescriptions_prescription', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='track',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.words, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{words}'::text[] = to_jsonb(NEW) - '{words}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fb8bd9a0d2538082dc48bf2c550064f74a296e58', operation='UPDATE', pgid='pgtrigger_append_only_63f59', table='prescriptions_track', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='track',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c4d8a2262369c1243c1bef83a5a51e26136a9398', operation='DELETE', pgid='pgtrigger_never_deleted_89c6f', table='prescriptions_track', when='BEFORE')),
        ),
        seal_existing("prescriptions.Track", "words"),
    ]
