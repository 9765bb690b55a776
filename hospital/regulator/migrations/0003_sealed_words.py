"""The words about an upload are sealed; a new key passes the guard."""

import hospital.kernel.encrypted
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from hospital.kernel.sealing import seal_existing


class Migration(migrations.Migration):

    dependencies = [
        ('regulator', '0002_streams_in_order'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='upload',
            name='acknowledged_stands',
        ),
        migrations.AlterField(
            model_name='upload',
            name='error',
            field=hospital.kernel.encrypted.EncryptedTextField(blank=True, default=''),
        ),
        migrations.AlterField(
            model_name='upload',
            name='note',
            field=hospital.kernel.encrypted.EncryptedTextField(blank=True, default=''),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='acknowledged_stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((OLD.state = 'acknowledged') AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.payload, 'v1.') LIKE 'v1.%' AND coalesce(NEW.error, 'v1.') LIKE 'v1.%' AND coalesce(NEW.note, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{payload,error,note}'::text[] = to_jsonb(NEW) - '{payload,error,note}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a0ab2f54abce071d1bfc4e5e6306d088562d0734', operation='UPDATE', pgid='pgtrigger_acknowledged_stands_84173', table='regulator_upload', when='BEFORE')),
        ),
        seal_existing("regulator.Upload", "error", "note"),
    ]
