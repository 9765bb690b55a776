"""A bill of the hospital is paid online, at most once, and stays in the books."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from hospital.kernel.roles import grant


class Migration(migrations.Migration):

    dependencies = [
        ('his', '0004_bills_documents_progress'),
        ('patients', '0009_protected'),
        ('payments', '0003_grants'),
    ]

    operations = [
        migrations.CreateModel(
            name='BillPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.UUIDField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('paid', 'Paid'), ('told', 'Told'), ('returned', 'Returned'), ('closed', 'Closed')], default='open', max_length=8)),
                ('at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('told_at', models.DateTimeField(null=True)),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='his.bill')),
                ('charge', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.charge')),
            ],
            options={
                'verbose_name': '院内账单的线上缴费',
                'verbose_name_plural': '院内账单的线上缴费',
                'indexes': [models.Index(condition=models.Q(('state', 'paid')), fields=['due_at'], name='bill_payment_due'), models.Index(condition=models.Q(('state', 'open')), fields=['bill'], name='bill_payment_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'paid', 'told', 'returned', 'closed'])), name='bill_payment_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'told'), ('told_at__isnull', False)), models.Q(models.Q(('state', 'told'), _negated=True), ('told_at', None)), _connector='OR'), name='bill_payment_told_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), ('due_at__isnull', False), _connector='OR'), name='bill_payment_paid_is_due'), models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'paid', 'told'))), fields=('bill',), name='bill_paid_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billpayment',
            trigger=pgtrigger.compiler.Trigger(name='lifecycle', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{open:closed,open:paid,paid:returned,paid:told}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='007adc54d0f2966fd755c731c979f553a38fca80', operation='UPDATE', pgid='pgtrigger_lifecycle_8f4fd', table='patients_billpayment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billpayment',
            trigger=pgtrigger.compiler.Trigger(name='said_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."bill_id" IS DISTINCT FROM (NEW."bill_id") OR OLD."charge_id" IS DISTINCT FROM (NEW."charge_id") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."at" IS DISTINCT FROM (NEW."at"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='c132db3c1a41e3288706785fb1bcd66493b2b2c8', operation='UPDATE', pgid='pgtrigger_said_once_c149e', table='patients_billpayment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='billpayment',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0c1cda1e48e37450634df8f5ee4f1a43bf0c08eb', operation='DELETE', pgid='pgtrigger_kept_f517b', table='patients_billpayment', when='BEFORE')),
        ),
        grant("patients_billpayment", to_runtime="SELECT, INSERT, UPDATE"),
    ]
