"""Runtime may add to the trail and read ids; the auditor reads it and drains the feeds."""

from django.db import migrations

from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE audit_event ALTER COLUMN xid SET DEFAULT (pg_current_xact_id()::text::bigint)",
            migrations.RunSQL.noop,
        ),
        grant("audit_event", to_runtime="INSERT, SELECT (id, xid)", to_auditor="SELECT"),
        grant("audit_pending", to_runtime="INSERT, SELECT (id)", to_auditor="SELECT, UPDATE, DELETE"),
    ]
