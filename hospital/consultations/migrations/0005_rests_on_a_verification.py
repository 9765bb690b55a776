"""An acceptance names a verification that exists (R-13)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0004_retention"),
        ("accounts", "0002_readiness"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE consultations_consultation"
            " ADD CONSTRAINT consultation_rests_on_a_verification"
            " FOREIGN KEY (verification) REFERENCES accounts_verification (public_id)",
            "ALTER TABLE consultations_consultation"
            " DROP CONSTRAINT consultation_rests_on_a_verification",
        )
    ]
