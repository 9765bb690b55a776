"""Alarms, the watch, and strangers who were turned away. The auditor reads what was counted."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models

from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_tree"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("acknowledged", "Acknowledged"),
                            ("closed", "Closed"),
                        ],
                        default="raised",
                        max_length=12,
                    ),
                ),
                ("whose", models.CharField(blank=True, max_length=80)),
                ("slot", models.BigIntegerField()),
                ("window", models.PositiveIntegerField()),
                ("actor", models.UUIDField(null=True)),
                ("about", models.UUIDField(null=True)),
                ("count", models.PositiveIntegerField(default=1)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("last_event", models.BigIntegerField(default=0)),
                ("facts", models.JSONField(default=dict)),
                ("event", models.BigIntegerField(null=True)),
                ("acknowledged_by", models.UUIDField(null=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("closed_by", models.UUIDField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "verbose_name": "审计告警",
                "verbose_name_plural": "审计告警",
            },
        ),
        migrations.CreateModel(
            name="Stranger",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("address", models.CharField(max_length=45)),
                ("access", models.CharField(max_length=64)),
                ("code", models.CharField(max_length=48)),
                ("status", models.PositiveSmallIntegerField()),
                ("count", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "未登录被拒",
                "verbose_name_plural": "未登录被拒",
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "巡查",
                "verbose_name_plural": "巡查",
            },
        ),
        migrations.AddIndex(
            model_name="event",
            index=django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="event_at"),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__startswith", "door."),
                        ("kind__endswith", "-fail"),
                        ("kind", "code.fail"),
                        _connector="OR",
                        _negated=True,
                    ),
                    ("outcome", "refused"),
                    _connector="OR",
                ),
                name="event_failure_is_refused",
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=["-id"],
                name="alarm_open",
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("event", None)), fields=["id"], name="alarm_not_in_the_trail"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                fields=("kind", "whose", "slot"), name="alarm_once_a_window"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["raised", "acknowledged", "closed"])),
                name="alarm_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "raised"),
                    models.Q(
                        ("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="alarm_acknowledged_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="alarm_closed_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="alarm_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{acknowledged:closed,raised:acknowledged}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="8a3f2298dcc5ecfedcbb0d471283aeb8b6ac6870",
                    operation="UPDATE",
                    pgid="pgtrigger_alarm_steps_403d2",
                    table="audit_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="alarm_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8c6e93114658a2d70a6a9e111b875629a9cefc70",
                    operation="DELETE",
                    pgid="pgtrigger_alarm_stays_f839e",
                    table="audit_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="begins_raised",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (NEW.\"state\" = 'raised'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="40df8b04838bea80fc5ee062ed5d69ee2cb55354",
                    operation="INSERT",
                    pgid="pgtrigger_begins_raised_7fa1c",
                    table="audit_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alarm",
            trigger=pgtrigger.compiler.Trigger(
                name="what_was_seen_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."whose" IS DISTINCT FROM (NEW."whose") OR OLD."slot" IS DISTINCT FROM (NEW."slot") OR OLD."window" IS DISTINCT FROM (NEW."window") OR OLD."actor" IS DISTINCT FROM (NEW."actor") OR OLD."about" IS DISTINCT FROM (NEW."about") OR OLD."count" IS DISTINCT FROM (NEW."count") OR OLD."events" IS DISTINCT FROM (NEW."events") OR OLD."last_event" IS DISTINCT FROM (NEW."last_event") OR OLD."facts" IS DISTINCT FROM (NEW."facts"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6d4968dbb96d47ca33d7f9f2454e621192f21b1d",
                    operation="UPDATE",
                    pgid="pgtrigger_what_was_seen_stands_f09d5",
                    table="audit_alarm",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="stranger",
            constraint=models.UniqueConstraint(
                fields=("minute", "address", "access", "code"), name="stranger_once_a_minute"
            ),
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="one_watch"),
        ),
        grant("audit_alarm", to_runtime="SELECT, INSERT, UPDATE", to_auditor="SELECT"),
        grant("audit_watch", to_runtime="SELECT, INSERT, UPDATE", to_auditor="SELECT"),
        grant("audit_stranger", to_runtime="SELECT, INSERT, UPDATE, DELETE"),
    ]
