"""Roles move by decision, phones by proof; a code knows its browser, a socket has its seat."""

import uuid

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import hospital.kernel.encrypted
from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_readiness"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("phone", hospital.kernel.encrypted.EncryptedTextField()),
                ("phone_index", hospital.kernel.encrypted.BlindIndexField(db_index=True)),
                ("until", models.DateTimeField()),
                ("why", models.CharField(max_length=8)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "用过的手机号",
                "verbose_name_plural": "用过的手机号",
            },
        ),
        migrations.CreateModel(
            name="Recall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("browser", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "本人确认",
                "verbose_name_plural": "本人确认",
            },
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("role", models.CharField(max_length=24)),
                ("change", models.CharField(max_length=8)),
                ("state", models.CharField(default="asked", max_length=12)),
                ("why", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.CharField(blank=True, max_length=200)),
                ("xid", models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "角色变更",
                "verbose_name_plural": "角色变更",
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "打开的连接",
                "verbose_name_plural": "打开的连接",
            },
        ),
        migrations.RemoveConstraint(
            model_name="user",
            name="user_has_one_way_in",
        ),
        migrations.AddField(
            model_name="code",
            name="browser",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="user",
            name="phone_released_at",
            field=models.DateTimeField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="roles_by_decision",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE undecided text;",
                    func="\n    SELECT moved.role INTO undecided\n    FROM (\n        SELECT role, 'grant' AS change FROM unnest(NEW.roles) AS role\n        WHERE role <> ALL (CASE WHEN TG_OP = 'UPDATE' THEN OLD.roles ELSE '{patient}' END)\n        UNION ALL\n        SELECT role, 'revoke' FROM unnest(CASE WHEN TG_OP = 'UPDATE' THEN OLD.roles END) AS role\n        WHERE role <> ALL (NEW.roles)\n    ) AS moved\n    WHERE NOT EXISTS (\n        SELECT FROM accounts_rolechange AS decided\n        WHERE decided.user_id = NEW.id AND decided.role = moved.role\n            AND decided.change = moved.change AND decided.state = 'done'\n            AND decided.xid = pg_current_xact_id()::text::bigint\n    );\n    IF FOUND THEN\n        RAISE EXCEPTION 'role % moved without a decision about it', undecided;\n    END IF;\n    RETURN NULL;\n",
                    hash="b17c913f23a5420f5d76d79ca6d3d9a2002a425d",
                    operation='INSERT OR UPDATE OF "roles"',
                    pgid="pgtrigger_roles_by_decision_d7a34",
                    table="accounts_user",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("username", None), ("phone_index", None), _connector="XOR"),
                    models.Q(
                        ("phone_index", None),
                        ("phone_released_at__isnull", False),
                        ("username", None),
                    ),
                    _connector="OR",
                ),
                name="user_has_one_way_in",
            ),
        ),
        migrations.AddField(
            model_name="formerphone",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_phones",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recall",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolechange",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolechange",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rolechange",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="role_changes",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="seat",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="formerphone",
            constraint=models.CheckConstraint(
                condition=models.Q(("why__in", ["changed", "released"])), name="former_phone_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "done", "refused", "withdrawn"])),
                name="role_change_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("change", "grant"),
                    models.Q(("change", "revoke"), ("state", "done")),
                    _connector="OR",
                ),
                name="role_change_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True), ("decided_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="role_change_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "grant"), ("state", "done"), _negated=True),
                    models.Q(("asked_by", None), ("decided_by", None)),
                    models.Q(
                        ("asked_by__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("asked_by", models.F("decided_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="role_grant_by_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change", "revoke"), _negated=True),
                    models.Q(
                        ("asked_by", models.F("decided_by")),
                        ("asked_by__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="role_revoke_by_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asked_by", None),
                        models.Q(("asked_by", models.F("user")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("decided_by", None),
                        models.Q(("decided_by", models.F("user")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="role_never_ones_own",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolechange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("user", "role"),
                name="role_asked_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolechange",
            trigger=pgtrigger.compiler.Trigger(
                name="decided",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF TG_OP = 'UPDATE' AND OLD.state <> 'asked' THEN\n        RAISE EXCEPTION 'a decided change of roles stands as it is';\n    END IF;\n    IF TG_OP = 'UPDATE' AND (NEW.user_id, NEW.role, NEW.change, NEW.asked_by_id, NEW.asked_at, NEW.why)\n        IS DISTINCT FROM (OLD.user_id, OLD.role, OLD.change, OLD.asked_by_id, OLD.asked_at, OLD.why)\n    THEN\n        RAISE EXCEPTION 'what was asked for stands as it was asked';\n    END IF;\n    IF TG_OP = 'INSERT' AND NEW.asked_by_id IS NOT NULL AND NOT EXISTS (\n        SELECT FROM accounts_user AS asker\n        WHERE asker.id = NEW.asked_by_id AND asker.is_active\n            AND 'security_admin' = ANY (asker.roles)\n    ) THEN\n        RAISE EXCEPTION 'only a security administrator asks for roles';\n    END IF;\n    NEW.xid := CASE WHEN NEW.state = 'done' THEN pg_current_xact_id()::text::bigint END;\n    IF NEW.state <> 'done' THEN\n        RETURN NEW;\n    END IF;\n    IF NEW.decided_by_id IS NULL THEN\n        IF NEW.change <> 'grant' OR EXISTS (\n            SELECT FROM accounts_rolechange AS earlier\n            WHERE earlier.user_id = NEW.user_id AND earlier.xid IS DISTINCT FROM NEW.xid\n        ) THEN\n            RAISE EXCEPTION 'only the first roles of an account come from nobody';\n        END IF;\n    ELSIF NOT EXISTS (\n        SELECT FROM accounts_user AS decider\n        WHERE decider.id = NEW.decided_by_id AND decider.is_active\n            AND 'security_admin' = ANY (decider.roles)\n    ) THEN\n        RAISE EXCEPTION 'only a security administrator decides about roles';\n    END IF;\n    RETURN NEW;\n",
                    hash="2c43da9cb7d12c30b5db8b2bbc74b52af0c4c573",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_decided_6252a",
                    table="accounts_rolechange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolechange",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c6a9dd5e4457c3af1c1d52ba5b2185342cade576",
                    operation="DELETE",
                    pgid="pgtrigger_kept_bdf49",
                    table="accounts_rolechange",
                    when="BEFORE",
                ),
            ),
        ),
        grant("accounts_rolechange", to_runtime="SELECT, INSERT, UPDATE"),
        grant("accounts_formerphone", to_runtime="SELECT, INSERT, UPDATE, DELETE"),
    ]
