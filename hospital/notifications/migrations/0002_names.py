from django.db import migrations

import hospital.kernel.encrypted


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="names",
            field=hospital.kernel.encrypted.EncryptedJSONField(null=True),
        ),
    ]
