"""That a manager saw in full what lists show masked stands in a row of its own."""

import django.contrib.postgres.fields
import django.db.models.deletion
import hospital.kernel.encrypted
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0007_retention'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Unmasking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('at', models.DateTimeField()),
                ('details', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None)),
                ('reason', models.CharField(max_length=16)),
                ('note', hospital.kernel.encrypted.EncryptedTextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unmaskings', to='patients.patient')),
            ],
            options={
                'verbose_name': '查看完整信息',
                'verbose_name_plural': '查看完整信息',
                'indexes': [models.Index(fields=['patient', '-at'], name='unmasking_of_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__in', ['complaint', 'contact', 'identity', 'inspection'])), name='unmasking_reason'), models.CheckConstraint(condition=models.Q(('details__contained_by', ['name', 'phone', 'id_number']), ('details__len__gte', 1)), name='unmasking_of_something')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unmasking',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN ((TRUE) AND NOT (has_table_privilege(OLD.tableoid, 'TRIGGER') AND coalesce(NEW.note, 'v1.') LIKE 'v1.%' AND to_jsonb(OLD) - '{note}'::text[] = to_jsonb(NEW) - '{note}'::text[]))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7aaf9f0df96135565ff8768a5fda533366697091', operation='UPDATE', pgid='pgtrigger_append_only_306d6', table='patients_unmasking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='unmasking',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='40c30de374d8e5ec9c2757642f775f573efb1921', operation='DELETE', pgid='pgtrigger_never_deleted_cc8bb', table='patients_unmasking', when='BEFORE')),
        ),
    ]
