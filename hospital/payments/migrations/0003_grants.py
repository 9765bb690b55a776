"""Runtime may add to the ledger, the notifications and the alarms, and deletes nothing here."""

from django.db import migrations

from hospital.kernel.roles import grant


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_guards")]

    operations = [
        grant("payments_charge", to_runtime="SELECT, INSERT, UPDATE"),
        grant("payments_refund", to_runtime="SELECT, INSERT, UPDATE"),
        *(
            grant(f"payments_{name}", to_runtime="SELECT, INSERT")
            for name in ("entry", "notification", "alarm")
        ),
    ]
