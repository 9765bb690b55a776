"""Sealing a row anew passes its guard, for the owner and with nothing else changed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_append_only'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='file',
            name='append_only',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='file',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.name, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{name}'::text[] = to_jsonb(NEW) - '{name}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='114aa46790fb722c08544da690432fdf928be38a', operation='UPDATE', pgid='pgtrigger_append_only_00a6b', table='files_file', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='file',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f1ad66a94f632a5417447f70a1b6ca5bbeac7bf4', operation='DELETE', pgid='pgtrigger_never_deleted_1bc87', table='files_file', when='BEFORE')),
        ),
    ]
