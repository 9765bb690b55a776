"""A signature names a verification that exists (R-13)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("prescriptions", "0005_retention"),
        ("accounts", "0002_readiness"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE prescriptions_prescription"
            " ADD CONSTRAINT prescription_rests_on_a_verification"
            " FOREIGN KEY (doctor_verification) REFERENCES accounts_verification (public_id)",
            "ALTER TABLE prescriptions_prescription"
            " DROP CONSTRAINT prescription_rests_on_a_verification",
        )
    ]
