"""When the guardians' links that stand will end, and the text that a child of 14 agrees to."""

from datetime import datetime, timezone
from pathlib import Path

from django.db import migrations, models

from patients.claims import of_age

TEXTS = Path(__file__).resolve().parent.parent / "data" / "consents"
PUBLISHED = datetime(2026, 3, 1, tzinfo=timezone.utc)


def tell(apps, editor):
    links = apps.get_model("patients", "Link").objects.using(editor.connection.alias)
    for link in links.filter(is_guardian=True).select_related("patient").iterator(500):
        links.filter(pk=link.pk).update(until=max(of_age(link.patient.birth_date), _soon(link)))


def _soon(link):
    """A link that was made too late is over at once, and still after it began."""
    return link.since + datetime.resolution


def publish(apps, editor):
    texts = apps.get_model("patients", "ConsentText").objects.using(editor.connection.alias)
    title, body = (TEXTS / "own-1.zh.txt").read_text(encoding="utf-8").split("\n", 1)
    english = (TEXTS / "own-1.en.txt").read_text(encoding="utf-8").strip()
    texts.get_or_create(
        kind="own",
        version=1,
        defaults={
            "title": title.strip(),
            "body": body.strip(),
            "body_en": english,
            "published_at": PUBLISHED,
        },
    )


class Migration(migrations.Migration):
    dependencies = [("patients", "0011_e_record")]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
        migrations.RunPython(publish, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_guardian', False), models.Q(('relation', 'helper'), _negated=True)), ('until__isnull', False), _connector='OR'), name='link_that_must_end'),
        ),
    ]
