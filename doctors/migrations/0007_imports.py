"""Lists on their way in: sealed row by row, two people for each."""

import django.db.models.deletion
import hospital.kernel.encrypted
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from hospital.kernel.roles import grant


class Migration(migrations.Migration):

    dependencies = [
        ('doctors', '0006_department_tree'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('staff', '医生和药师'), ('departments', '科室')], max_length=12)),
                ('state', models.CharField(choices=[('checked', 'Checked'), ('confirmed', 'Confirmed'), ('running', 'Running'), ('done', 'Done'), ('stopped', 'Stopped')], default='checked', max_length=12)),
                ('name', hospital.kernel.encrypted.EncryptedTextField(default='')),
                ('rows', models.PositiveIntegerField()),
                ('by_command', models.BooleanField(default=False)),
                ('checked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', hospital.kernel.encrypted.EncryptedTextField(blank=True, default='')),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '导入',
                'verbose_name_plural': '导入',
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('added', 'Added'), ('changed', 'Changed'), ('same', 'Same'), ('failed', 'Failed'), ('dropped', 'Dropped')], default='waiting', max_length=12)),
                ('data', hospital.kernel.encrypted.EncryptedJSONField(null=True)),
                ('why', hospital.kernel.encrypted.EncryptedTextField(blank=True, default='')),
                ('done_at', models.DateTimeField(null=True)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='doctors.import')),
            ],
            options={
                'verbose_name': '导入的一行',
                'verbose_name_plural': '导入的各行',
            },
        ),
        migrations.AddIndex(
            model_name='import',
            index=models.Index(condition=models.Q(('state__in', ['checked', 'confirmed', 'running'])), fields=['state', 'checked_at'], name='import_alive'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['checked', 'confirmed', 'running', 'done', 'stopped'])), name='import_state'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['staff', 'departments'])), name='import_kind'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('state', 'checked')), ('state', 'stopped'), models.Q(('confirmed_at__isnull', False), ('state__in', ['confirmed', 'running', 'done'])), _connector='OR'), name='import_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_command', True), ('confirmed_by', None)), models.Q(('by_command', False), ('checked_by__isnull', False), ('confirmed_at', None), ('confirmed_by', None)), models.Q(('by_command', False), ('checked_by__isnull', False), ('confirmed_at__isnull', False), ('confirmed_by__isnull', False), models.Q(('confirmed_by', models.F('checked_by')), _negated=True)), _connector='OR'), name='import_by_two'),
        ),
        migrations.AddConstraint(
            model_name='import',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['done', 'stopped']), ('ended_at__isnull', True), _connector='XOR'), name='import_ended'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='import_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{checked:confirmed,checked:stopped,confirmed:running,confirmed:stopped,running:done,running:stopped}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='7db5accbf59ef778225484a6e239d9fc4358c2d8', operation='UPDATE', pgid='pgtrigger_import_steps_60f4e', table='doctors_import', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='import_stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."rows" IS DISTINCT FROM (NEW."rows") OR OLD."by_command" IS DISTINCT FROM (NEW."by_command") OR OLD."checked_at" IS DISTINCT FROM (NEW."checked_at") OR OLD."checked_by_id" IS DISTINCT FROM (NEW."checked_by_id"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='68222f1f033f16f518bbc5841a913bef6dba5a13', operation='UPDATE', pgid='pgtrigger_import_stands_5fa4a', table='doctors_import', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='import',
            trigger=pgtrigger.compiler.Trigger(name='import_by_affairs', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' AND NEW.checked_by_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM accounts_user AS person\n        WHERE person.id = NEW.checked_by_id AND person.is_active\n            AND 'medical_affairs' = ANY (person.roles)\n    ) THEN\n        RAISE EXCEPTION 'only medical affairs hand in a list';\n    END IF;\n    IF NEW.confirmed_by_id IS NOT NULL\n        AND (TG_OP = 'INSERT' OR OLD.confirmed_by_id IS DISTINCT FROM NEW.confirmed_by_id)\n        AND NOT EXISTS (\n            SELECT FROM accounts_user AS person\n            WHERE person.id = NEW.confirmed_by_id AND person.is_active\n                AND 'medical_affairs' = ANY (person.roles)\n        )\n    THEN\n        RAISE EXCEPTION 'only medical affairs confirm a list';\n    END IF;\n    RETURN NEW;\n", hash='894aaf75ea20fc433cb4c473a3bc77597f2ae8ca', operation='INSERT OR UPDATE', pgid='pgtrigger_import_by_affairs_a8a7c', table='doctors_import', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.UniqueConstraint(fields=('sheet', 'number'), name='import_row_once'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'added', 'changed', 'same', 'failed', 'dropped'])), name='import_row_state'),
        ),
        migrations.AddConstraint(
            model_name='importrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('data__isnull', False), ('done_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('data__isnull', True), ('done_at__isnull', False)), _connector='OR'), name='import_row_gone_when_done'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importrow',
            trigger=pgtrigger.compiler.Trigger(name='import_row_steps', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{waiting:added,waiting:changed,waiting:dropped,waiting:failed,waiting:same}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='61d3668536d7454c2d2157863204822c26746d27', operation='UPDATE', pgid='pgtrigger_import_row_steps_83a87', table='doctors_importrow', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='importrow',
            trigger=pgtrigger.compiler.Trigger(name='import_row_stands', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."sheet_id" IS DISTINCT FROM (NEW."sheet_id") OR OLD."number" IS DISTINCT FROM (NEW."number"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='8c788293b944ef0bd126f23cb44ea28ddc5f5443', operation='UPDATE', pgid='pgtrigger_import_row_stands_cc3c6', table='doctors_importrow', when='BEFORE')),
        ),
        grant("doctors_import", to_runtime="SELECT, INSERT, UPDATE"),
        grant("doctors_importrow", to_runtime="SELECT, INSERT, UPDATE"),
    ]
