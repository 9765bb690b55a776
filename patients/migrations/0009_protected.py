"""Who is protected: each read of their data is told to the audit administrator."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0008_unmasking'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='is_protected',
            field=models.BooleanField(default=False),
        ),
    ]
