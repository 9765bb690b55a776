"""Sealing a row anew passes its guard, for the owner and with nothing else changed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('policy', '0003_first_version'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='append_only',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.facts, 'v1.') LIKE 'v1.%' AND coalesce(NEW.findings, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{facts,findings}'::text[] = to_jsonb(NEW) - '{facts,findings}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='f4227aeda27d5e6a266354b344fc905fcf4b1966', operation='UPDATE', pgid='pgtrigger_append_only_c0390', table='policy_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='66a78bcf80ef2fc1eef457cbf5fa6953df129fc5', operation='DELETE', pgid='pgtrigger_never_deleted_77672', table='policy_decision', when='BEFORE')),
        ),
    ]
