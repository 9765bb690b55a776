"""Since when staff are ready, and in which sitting a person proved to be themselves."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Now


def staff_as_they_are(apps, editor):
    """Whoever signs in with a password and a factor today stays able to."""
    users = apps.get_model("accounts", "User").objects.using(editor.connection.alias)
    users.exclude(username=None).update(password_set_at=F("joined_at"))
    users.filter(factor__isnull=False).update(factor_set_at=Now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField("user", "password_set_at", models.DateTimeField(null=True)),
        migrations.AddField("user", "factor_set_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "verification",
            "session",
            models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "verification",
            models.Index(
                fields=["session", "-at"],
                name="verification_of_session",
                condition=models.Q(("session", ""), _negated=True),
            ),
        ),
        migrations.RunPython(staff_as_they_are, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="verification",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c085937bd775d689ce08d97b586ee63f790e0256",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f2129",
                    table="accounts_verification",
                    when="BEFORE",
                ),
            ),
        ),
    ]
