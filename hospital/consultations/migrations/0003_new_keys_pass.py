"""Sealing a row anew passes its guard, for the owner and with nothing else changed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0002_guards'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='consultation',
            name='fixed_when_ordered',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='message',
            name='append_only',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='rating',
            name='append_only',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultation',
            trigger=pgtrigger.compiler.Trigger(name='fixed_when_ordered', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.public_id IS DISTINCT FROM NEW.public_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.patient_id IS DISTINCT FROM NEW.patient_id OR OLD.asked_by_id IS DISTINCT FROM NEW.asked_by_id OR OLD.doctor_id IS DISTINCT FROM NEW.doctor_id OR OLD.complaint IS DISTINCT FROM NEW.complaint OR OLD.diagnoses IS DISTINCT FROM NEW.diagnoses OR OLD.guardian_present IS DISTINCT FROM NEW.guardian_present OR OLD.fee_fen IS DISTINCT FROM NEW.fee_fen OR OLD.charge_id IS DISTINCT FROM NEW.charge_id OR OLD.eligibility_id IS DISTINCT FROM NEW.eligibility_id OR OLD.ordered_at IS DISTINCT FROM NEW.ordered_at OR OLD.pay_by IS DISTINCT FROM NEW.pay_by) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.complaint, 'v1.') LIKE 'v1.%' AND coalesce(NEW.end_note, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{complaint,end_note}'::text[] = to_jsonb(NEW) - '{complaint,end_note}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='452dbe30745ba56130e11de215cd9752bb1e1bbb', operation='UPDATE', pgid='pgtrigger_fixed_when_ordered_6de66', table='consultations_consultation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.text, 'v1.') LIKE 'v1.%' AND coalesce(NEW.card, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{text,card}'::text[] = to_jsonb(NEW) - '{text,card}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f7677f2260fa01e87ba2458922cb9aa1325bb592', operation='UPDATE', pgid='pgtrigger_append_only_e0c5e', table='consultations_message', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f4013d8c401406a2133746ed1754c4327b6324d3', operation='DELETE', pgid='pgtrigger_never_deleted_337ce', table='consultations_message', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.text, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{text}'::text[] = to_jsonb(NEW) - '{text}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='4f80a1dda88058ad9b571f6de349150de2f50f7e', operation='UPDATE', pgid='pgtrigger_append_only_354c6', table='consultations_rating', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='cba7bc36e496a3b2caa95a8e4aa21879295b8426', operation='DELETE', pgid='pgtrigger_never_deleted_888e1', table='consultations_rating', when='BEFORE')),
        ),
    ]
