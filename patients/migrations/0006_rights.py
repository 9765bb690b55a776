"""Drafts of consent texts, the courier by name, copies, corrections, holds, restricted records."""

from datetime import datetime, timezone
from pathlib import Path

import django.db.models.deletion
import hospital.kernel.encrypted
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from hospital.kernel.roles import grant

TEXTS = Path(__file__).resolve().parent.parent / "data" / "consents"
PUBLISHED = datetime(2026, 11, 24, tzinfo=timezone.utc)


def name_the_courier(apps, editor):
    """The second version of the courier's text; where no courier is named yet, nobody is asked."""
    name, contact = settings.COURIER_NAME, settings.COURIER_CONTACT
    if not (name and contact):
        return

    def said(language):
        words = (TEXTS / f"courier-2.{language}.txt").read_text(encoding="utf-8")
        return words.format(recipient=name, contact=contact)

    title, body = said("zh").split("\n", 1)
    apps.get_model("patients", "ConsentText").objects.using(editor.connection.alias).get_or_create(
        kind="courier",
        version=2,
        defaults={
            "title": title.strip(),
            "body": body.strip(),
            "body_en": said("en").strip(),
            "recipient": name,
            "contact": contact,
            "published_at": PUBLISHED,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0005_sealed_days_and_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(max_length=24)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("published", "Published"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=80)),
                ("body", models.TextField()),
                ("body_en", models.TextField()),
                ("recipient", models.CharField(blank=True, max_length=80)),
                ("contact", models.CharField(blank=True, max_length=80)),
                ("written_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "知情同意书草稿",
                "verbose_name_plural": "知情同意书草稿",
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField()),
                ("what", hospital.kernel.encrypted.EncryptedTextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("asked", "Asked"), ("made", "Made"), ("refused", "Refused")],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("due_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", hospital.kernel.encrypted.EncryptedTextField(default="")),
            ],
            options={
                "verbose_name": "更正申请",
                "verbose_name_plural": "更正申请",
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("ready", "Ready"),
                            ("ended", "Ended"),
                            ("failed", "Failed"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("ready_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "verbose_name": "资料副本",
                "verbose_name_plural": "资料副本",
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("stream", models.UUIDField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("standing", "Standing"), ("lifted", "Lifted")],
                        default="standing",
                        max_length=8,
                    ),
                ),
                ("reason", hospital.kernel.encrypted.EncryptedTextField()),
                ("placed_at", models.DateTimeField()),
                ("items", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("note", hospital.kernel.encrypted.EncryptedTextField(default="")),
            ],
            options={
                "verbose_name": "封存",
                "verbose_name_plural": "封存",
            },
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("section", models.CharField(max_length=24)),
                ("item", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "封存清单",
                "verbose_name_plural": "封存清单",
                "ordering": ("position",),
            },
        ),
        migrations.AddField(
            model_name="consenttext",
            name="contact",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="consenttext",
            name="recipient",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="patient",
            name="restricted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="patient",
            name="retain_until",
            field=models.DateField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consenttext",
            trigger=pgtrigger.compiler.Trigger(
                name="published_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c9b2bb27c6036dc83ac3434e09a048043aad9bfc",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_published_once_c25bd",
                    table="patients_consenttext",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="consenttext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "courier"), _negated=True),
                    ("version", 1),
                    models.Q(
                        models.Q(("recipient", ""), _negated=True),
                        models.Q(("contact", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="consent_text_names_the_courier",
            ),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("restricted_at", None), ("retain_until", None)),
                    models.Q(("restricted_at__isnull", False), ("retain_until__isnull", False)),
                    _connector="OR",
                ),
                name="patient_restricted_until",
            ),
        ),
        migrations.AddField(
            model_name="consentdraft",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="consentdraft",
            name="text",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="patients.consenttext",
            ),
        ),
        migrations.AddField(
            model_name="consentdraft",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="exports",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="patient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="holds",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sealed",
            name="hold",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="list",
                to="patients.legalhold",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "published", "discarded"])),
                name="consent_draft_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentdraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("kind",), name="consent_draft_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentdraft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), ("text__isnull", False)),
                    models.Q(models.Q(("state", "published"), _negated=True), ("text", None)),
                    _connector="OR",
                ),
                name="consent_draft_published_is_a_text",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentdraft",
            trigger=pgtrigger.compiler.Trigger(
                name="consent_draft_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:discarded,draft:published}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="39657684ccf071745e2949e582033f3e42d69e85",
                    operation="UPDATE",
                    pgid="pgtrigger_consent_draft_steps_a67b4",
                    table="patients_consentdraft",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentdraft",
            trigger=pgtrigger.compiler.Trigger(
                name="consent_draft_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."body" IS DISTINCT FROM (NEW."body") OR OLD."body_en" IS DISTINCT FROM (NEW."body_en") OR OLD."recipient" IS DISTINCT FROM (NEW."recipient") OR OLD."contact" IS DISTINCT FROM (NEW."contact") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0e093dfd5fdddd2dec5c2a780e0fdff97ae4469f",
                    operation="UPDATE",
                    pgid="pgtrigger_consent_draft_stands_c98fd",
                    table="patients_consentdraft",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["patient", "-at"], name="correction_of_patient"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "made", "refused"])),
                name="correction_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at", None), ("answered_by", None), ("state", "asked")),
                    models.Q(
                        models.Q(("state", "asked"), _negated=True),
                        models.Q(("answered_by", models.F("by")), _negated=True),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="correction_is_answered_by_somebody",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="correction_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{asked:made,asked:refused}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="e5242151146e256ab5c3fb0300acb7256e4af955",
                    operation="UPDATE",
                    pgid="pgtrigger_correction_steps_9e7ad",
                    table="patients_correction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correction",
            trigger=pgtrigger.compiler.Trigger(
                name="correction_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="755e75ff535141c39e2c7fe451cf5865e1ec3660",
                    operation="UPDATE",
                    pgid="pgtrigger_correction_stands_fc6c2",
                    table="patients_correction",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="export",
            index=models.Index(
                condition=models.Q(("state__in", ["asked", "ready"])),
                fields=["state", "asked_at"],
                name="export_alive",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "ready", "ended", "failed"])),
                name="export_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ready"), _negated=True),
                    models.Q(
                        ("ends_at__gt", models.F("ready_at")),
                        ("ready_at__isnull", False),
                        ("size__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="export_ready_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "ready"])),
                fields=("patient", "account"),
                name="export_one_alive",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="export",
            trigger=pgtrigger.compiler.Trigger(
                name="export_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{asked:ended,asked:failed,asked:ready,ready:ended}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="33949378616a3e4e908d9d582cfc8d5d2f4907d3",
                    operation="UPDATE",
                    pgid="pgtrigger_export_steps_20542",
                    table="patients_export",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="export",
            trigger=pgtrigger.compiler.Trigger(
                name="export_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."account_id" IS DISTINCT FROM (NEW."account_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a21424996af4d64b4baef1e38ff913d548e3a6d7",
                    operation="UPDATE",
                    pgid="pgtrigger_export_stands_141aa",
                    table="patients_export",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="legalhold",
            index=models.Index(
                condition=models.Q(("state", "standing")), fields=["patient"], name="hold_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["standing", "lifted"])), name="hold_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_by", None), ("state", "standing")),
                    models.Q(
                        models.Q(("lifted_by", models.F("placed_by")), _negated=True),
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        ("state", "lifted"),
                    ),
                    _connector="OR",
                ),
                name="hold_lifted_by_another",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_steps",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE _is_valid_transition BOOLEAN;",
                    func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{standing:lifted}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;',
                    hash="f0383ea38e7e5ff597ed5041a6076f17b78c2880",
                    operation="UPDATE",
                    pgid="pgtrigger_hold_steps_a49c2",
                    table="patients_legalhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_stands",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."stream" IS DISTINCT FROM (NEW."stream") OR OLD."placed_at" IS DISTINCT FROM (NEW."placed_at") OR OLD."placed_by_id" IS DISTINCT FROM (NEW."placed_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5fa5f9ecf5814e91821e3ff57514c70d47f69081",
                    operation="UPDATE",
                    pgid="pgtrigger_hold_stands_6deea",
                    table="patients_legalhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="750ddef6bea728c4308e9e77e91ac650140d0991",
                    operation="DELETE",
                    pgid="pgtrigger_hold_is_kept_7905b",
                    table="patients_legalhold",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sealed",
            constraint=models.UniqueConstraint(fields=("hold", "position"), name="sealed_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sealed",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3fe15b7d194cf209a93b7370edd7be2a4ae2fa75",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_12c9c",
                    table="patients_sealed",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunPython(name_the_courier, migrations.RunPython.noop),
        # What was asked, sealed or decided is never deleted by the platform itself.
        grant("patients_consentdraft", to_runtime="SELECT, INSERT, UPDATE"),
        grant("patients_export", to_runtime="SELECT, INSERT, UPDATE"),
        grant("patients_correction", to_runtime="SELECT, INSERT, UPDATE"),
        grant("patients_legalhold", to_runtime="SELECT, INSERT, UPDATE"),
        grant("patients_sealed", to_runtime="SELECT, INSERT"),
    ]
