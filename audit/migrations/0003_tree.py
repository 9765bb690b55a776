"""The tree over the trail. The auditor adds to it and reads it; runtime may neither."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("hospital", models.CharField(max_length=128)),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("algorithm", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=16)),
                ("signature", models.CharField(max_length=128)),
                ("xid", models.BigIntegerField()),
                ("event", models.BigIntegerField()),
                ("since", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "审计树头",
                "verbose_name_plural": "审计树头",
            },
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "审计叶子",
                "verbose_name_plural": "审计叶子",
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "verbose_name": "审计节点",
                "verbose_name_plural": "审计节点",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="own_transaction",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF NEW.xid IS DISTINCT FROM pg_current_xact_id()::text::bigint THEN\n        RAISE EXCEPTION 'an event names the transaction that writes it';\n    END IF;\n    RETURN NEW;\n",
                    hash="fca33b7c8c5bff582fef062bb06f1f3c1cce0332",
                    operation="INSERT",
                    pgid="pgtrigger_own_transaction_67eff",
                    table="audit_event",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="head",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gt", 0)), name="head_has_leaves"
            ),
        ),
        migrations.AddConstraint(
            model_name="head",
            constraint=models.CheckConstraint(
                condition=models.Q(("algorithm__in", ("sha256", "sm3"))), name="head_algorithm"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="head",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="6a4aed7104cf1968e3165dfce1706f1a6a83faa6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_95b7c",
                    table="audit_head",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="leaf",
            name="event",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="leaf",
                to="audit.event",
            ),
        ),
        migrations.AddConstraint(
            model_name="node",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", [8, 16, 24, 32, 40, 48])),
                name="node_of_a_kept_level",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="node",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0fc870fff56c10b11285f5683603c71aa8093028",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_7f5aa",
                    table="audit_node",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leaf",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7dca4c3bc116f5d567cb9e40b3e31738b1013ab6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cb682",
                    table="audit_leaf",
                    when="BEFORE",
                ),
            ),
        ),
        grant("audit_leaf", to_auditor="SELECT, INSERT"),
        grant("audit_node", to_auditor="SELECT, INSERT"),
        grant("audit_head", to_auditor="SELECT, INSERT"),
    ]
