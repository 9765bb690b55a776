"""The first version of each text that is agreed to, and what the runtime role may do with them."""

from datetime import datetime, timezone
from pathlib import Path

from django.db import migrations

from hospital.kernel.roles import grant

TEXTS = Path(__file__).resolve().parent.parent / "data" / "consents"
KINDS = ("service", "sensitive", "courier", "guardian")
PUBLISHED = datetime(2026, 1, 1, tzinfo=timezone.utc)


def publish(apps, editor):
    texts = apps.get_model("patients", "ConsentText").objects.using(editor.connection.alias)
    for kind in KINDS:
        title, body = (TEXTS / f"{kind}-1.zh.txt").read_text(encoding="utf-8").split("\n", 1)
        english = (TEXTS / f"{kind}-1.en.txt").read_text(encoding="utf-8").strip()
        texts.get_or_create(
            kind=kind,
            version=1,
            defaults={
                "title": title.strip(),
                "body": body.strip(),
                "body_en": english,
                "published_at": PUBLISHED,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_proof_and_bounds"), ("audit", "0002_roles")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
        # A published text is never changed; of a consent only its withdrawal is ever written.
        grant("patients_consenttext", to_runtime="SELECT, INSERT"),
        grant("patients_consent", to_runtime="SELECT, INSERT, UPDATE (withdrawn_at)"),
    ]
