"""Version 1 holds the defaults of its day, so that a policy is always in force; runtime may only
add versions and decisions."""

from django.db import migrations
from django.db.models.functions import Now

from hospital.kernel.roles import grant

FIRST = {
    "followup_window_days": 180,
    "minimum_age_online": 6,
    "young_child_age": 6,
    "general_supply_days": 7,
    "long_term_supply_days": 28,
    "extended_supply_days": 84,
    "max_lines": 5,
    "identity_valid_minutes": 30,
    "min_practice_years": 3,
    "exclusion_profile": "none",
    "retail_ban": "third_party_pharmacy_only",
    "pay_minutes": 15,
    "accept_hours": 24,
    "open_hours": 48,
    "prescription_valid_days": 3,
    "delivery_fee_fen": 800,
    "followup_same_department": False,
}


def publish(apps, editor):
    versions = apps.get_model("policy", "Version").objects.using(editor.connection.alias)
    versions.create(number=1, values=FIRST, published_at=Now(), note="默认值")


class Migration(migrations.Migration):
    dependencies = [("policy", "0002_append_only")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        grant("policy_version", to_runtime="INSERT, SELECT"),
        grant("policy_decision", to_runtime="INSERT, SELECT"),
    ]
